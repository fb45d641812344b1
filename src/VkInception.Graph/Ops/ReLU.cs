using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>Rectified linear unit: y = max(x, 0), any shape; NaN passes (AlexNet, section 3.1).</summary>
public sealed record ReLU : Op
{
    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs) => ClampKernel.Infer(inputs);

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t) => [ClampKernel.Clamp(t.Input, t.Output, OutputRange.ReLU)];

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t) => ClampKernel.Backward(t, OutputRange.ReLU);
}
