using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>Maximum over the whole image: N C H W to N C 1 1.</summary>
public sealed record GlobalMaxPool2d : Op
{
    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        Shape x = WindowArithmetic.Image(inputs);
        return new OpSpec([x.N, x.C, 1, 1]);
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
        => [PoolKernel.Max(t.Input, t.Output, PoolKernel.Whole(t.Input.Shape))];
}
