using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Reference;

public static partial class References
{
    public static Gradients TrainingBackward(ReLU op, Values[] inputs, Values[] parameters, Values dy) => Passed(inputs[0], dy, OutputRange.ReLU);

    public static Gradients TrainingBackward(ReLU6 op, Values[] inputs, Values[] parameters, Values dy) => Passed(inputs[0], dy, new OutputRange(0, 6));

    public static Gradients TrainingBackward(Clip op, Values[] inputs, Values[] parameters, Values dy) => Passed(inputs[0], dy, new OutputRange(op.Low, op.High));

    /// <summary>PyTorch's rule for relu and hardtanh: zero at the bounds and beyond; NaN passes.</summary>
    private static Gradients Passed(Values x, Values dy, OutputRange range)
        => new([new Values(x.Shape, [.. x.Data.Zip(dy.Data, (v, g) => v <= range.Low || v >= range.High ? 0 : g)])], []);
}
