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
        => [PoolKernel.Max(t, PoolKernel.Whole(t.Input.Shape))];

    /// <summary>The pixel of every maximum, in 32-bit words.</summary>
    public override ImmutableArray<Shape> Saved(ImmutableArray<Shape> inputs) => [PoolKernel.Positions(Infer(inputs).Outputs[0], PoolKernel.Whole(inputs[0]))];

    /// <inheritdoc/>
    public override bool SavesPositions => true;

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t) => PoolKernel.MaxBackward(t, PoolKernel.Whole(t.Forward.Input.Shape));
}
