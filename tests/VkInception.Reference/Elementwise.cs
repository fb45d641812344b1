using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Reference;

public static partial class References
{
    public static Values Forward(ReLU op, Values[] inputs, Values[] parameters) => Map(inputs[0], x => Clamp(x, OutputRange.ReLU));

    public static Values Forward(ReLU6 op, Values[] inputs, Values[] parameters) => Map(inputs[0], x => Clamp(x, new OutputRange(0, 6)));

    public static Values Forward(Clip op, Values[] inputs, Values[] parameters)
        => Map(inputs[0], x => double.IsNaN(x) ? x : Math.Min(Math.Max(x, op.Low), op.High));

    public static Values Forward(Add op, Values[] inputs, Values[] parameters) => Broadcast(op, inputs, parameters, (a, b) => a + b);

    public static Values Forward(Sub op, Values[] inputs, Values[] parameters) => Broadcast(op, inputs, parameters, (a, b) => a - b);

    public static Values Forward(Mul op, Values[] inputs, Values[] parameters) => Broadcast(op, inputs, parameters, (a, b) => a * b);

    public static Values Forward(Div op, Values[] inputs, Values[] parameters) => Broadcast(op, inputs, parameters, (a, b) => a / b);

    private static double Clamp(double x, OutputRange range) => x < range.Low ? range.Low : x > range.High ? range.High : x;

    private static Values Map(Values x, Func<double, double> f) => new(x.Shape, [.. x.Data.Select(f)]);

    private static Values Broadcast(BinaryOp op, Values[] inputs, Values[] parameters, Func<double, double, double> f)
    {
        Values y = NewOutput(op, inputs);
        Values a = inputs[0], b = op.ConstantShape is null ? inputs[1] : parameters[0];
        if (op.ConstantFirst) (a, b) = (b, a);
        foreach (int[] index in y.Indices()) y[index] = f(a[Stretched(a, index)], b[Stretched(b, index)]);
        return y;
    }

    /// <summary>The operand's index for an index of the output: aligned at the last axis, 0 where its extent is 1.</summary>
    private static int[] Stretched(Values operand, int[] index)
    {
        int missing = index.Length - operand.Shape.Rank;
        return [.. operand.Shape.Select((extent, axis) => extent == 1 ? 0 : index[axis + missing])];
    }
}
