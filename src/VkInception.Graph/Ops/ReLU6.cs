using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>ReLU cut at six: y = min(max(x, 0), 6), any shape; NaN passes (MobileNet; the v2 blocks of Inception).</summary>
public sealed record ReLU6 : Op
{
    private static readonly OutputRange Range = new(0, 6);

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs) => ClampKernel.Infer(inputs);

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t) => [ClampKernel.Clamp(t.Input, t.Output, Range)];

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t) => ClampKernel.Backward(t, Range);
}
