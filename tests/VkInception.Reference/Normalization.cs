using VkInception.Graph.Ops;

namespace VkInception.Reference;

public static partial class References
{
    public static Values Forward(LocalResponseNorm op, Values[] inputs, Values[] parameters)
    {
        Values x = inputs[0], y = new(x.Shape);
        foreach (int[] i in x.Indices())
        {
            double squares = 0;
            for (int j = i[1] - op.Size / 2; j <= i[1] + op.Size / 2; j++)
                if (j >= 0 && j < x.Shape.C) squares += Math.Pow(x[i[0], j, i[2], i[3]], 2);
            y[i] = x[i] * Math.Pow(op.K + (double)op.Alpha / op.Size * squares, -op.Beta);
        }
        return y;
    }

    public static Values Forward(BatchNorm2d op, Values[] inputs, Values[] parameters)
    {
        Values x = inputs[0], mean = parameters[^2], variance = parameters[^1], y = new(x.Shape);
        foreach (int[] i in x.Indices())
        {
            int c = i[1];
            double normal = (x[i] - mean.Data[c]) / Math.Sqrt(variance.Data[c] + op.Epsilon);
            y[i] = op.Affine ? normal * parameters[0].Data[c] + parameters[1].Data[c] : normal;
        }
        return y;
    }

    public static Values Forward(Softmax op, Values[] inputs, Values[] parameters)
    {
        Values x = inputs[0], y = new(x.Shape);
        int axis = op.Axis < 0 ? op.Axis + x.Shape.Rank : op.Axis;
        foreach (int[] i in x.Indices())
        {
            double[] line = [.. Enumerable.Range(0, x.Shape[axis]).Select(k => x[[.. i[..axis], k, .. i[(axis + 1)..]]])];
            double largest = line.Max();
            y[i] = Math.Exp(x[i] - largest) / line.Sum(v => Math.Exp(v - largest));
        }
        return y;
    }
}
