using VkInception.Graph;
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
            y[i] = Clamp(op.Affine ? normal * parameters[0].Data[c] + parameters[1].Data[c] : normal, op.Range);
        }
        return y;
    }

    /// <summary>By the batch's statistics, in two passes.</summary>
    public static Values TrainingForward(BatchNorm2d op, Values[] inputs, Values[] parameters, TrainingChance chance)
    {
        (double[] mean, double[] variance, _) = Statistics(inputs[0]);
        Shape c = [mean.Length];
        return Forward(op, inputs, [.. parameters[..^2], new Values(c, mean), new Values(c, variance)]);
    }

    /// <summary>PyTorch's rule: the running variance moves towards the batch's divided by its number less one.</summary>
    public static Values[] TrainingUpdate(BatchNorm2d op, Values[] inputs, Values[] parameters)
    {
        (double[] mean, double[] variance, double count) = Statistics(inputs[0]);
        return [.. parameters[..^2], Moved(parameters[^2], mean), Moved(parameters[^1], [.. variance.Select(v => v * count / (count - 1))])];

        Values Moved(Values running, double[] batch) => new(running.Shape, [.. running.Data.Zip(batch, (r, b) => r * (1 - (double)op.Momentum) + b * op.Momentum)]);
    }

    private static (double[] Mean, double[] Variance, double Count) Statistics(Values x)
    {
        double[] mean = new double[x.Shape.C], variance = new double[x.Shape.C];
        double count = x.Data.Length / (double)mean.Length;
        int image = x.Data.Length / x.Shape.N, plane = image / mean.Length;
        for (int i = 0; i < x.Data.Length; i++) mean[i % image / plane] += x.Data[i] / count;
        for (int i = 0; i < x.Data.Length; i++) variance[i % image / plane] += Math.Pow(x.Data[i] - mean[i % image / plane], 2) / count;
        return (mean, variance, count);
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
