using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>Mean over the whole image: N C H W to N C 1 1 (Network in Network; before GoogLeNet's classifier).</summary>
public sealed record GlobalAvgPool2d : Op
{
    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        Shape x = WindowArithmetic.Image(inputs);
        return new OpSpec([x.N, x.C, 1, 1]);
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
        => [PoolKernel.Average(t.Input, t.Output, PoolKernel.Whole(t.Input.Shape), includePadding: false)];

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t)
        => PoolKernel.AverageBackward(t, PoolKernel.Whole(t.Forward.Input.Shape), includePadding: false);
}
