using VkInception.Graph.Ops;

namespace VkInception.Reference;

public static partial class References
{
    /// <summary>Flatten, reshape, dropout in inference, identity: the elements in logical order stay.</summary>
    public static Values Forward(ViewOp op, Values[] inputs, Values[] parameters) => new(NewOutput(op, inputs).Shape, [.. inputs[0].Data]);

    public static Values Forward(Transpose op, Values[] inputs, Values[] parameters)
    {
        Values y = NewOutput(op, inputs);
        foreach (int[] index in y.Indices())
        {
            int[] source = new int[index.Length];
            for (int axis = 0; axis < index.Length; axis++) source[op.Permutation[axis]] = index[axis];
            y[index] = inputs[0][source];
        }
        return y;
    }

    public static Values Forward(Concat op, Values[] inputs, Values[] parameters)
    {
        Values y = NewOutput(op, inputs);
        int axis = op.Axis < 0 ? op.Axis + y.Shape.Rank : op.Axis, start = 0;
        foreach (Values x in inputs)
        {
            foreach (int[] index in x.Indices())
            {
                int[] target = [.. index];
                target[axis] += start;
                y[target] = x[index];
            }
            start += x.Shape[axis];
        }
        return y;
    }

    public static Values Forward(Pad op, Values[] inputs, Values[] parameters)
    {
        Values x = inputs[0], y = NewOutput(op, inputs);
        foreach (int[] index in y.Indices())
        {
            int[] source = [.. index.Select((i, axis) => i - op.Before[axis])];
            bool inside = source.Select((i, axis) => i >= 0 && i < x.Shape[axis]).All(b => b);
            y[index] = inside ? x[source] : op.Value;
        }
        return y;
    }
}
