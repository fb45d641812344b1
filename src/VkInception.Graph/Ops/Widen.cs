using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>The input in single precision: where values computed in half leave the network, or enter its softmax. In single precision it is a copy.</summary>
public sealed record Widen : Op
{
    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs) => ClampKernel.Infer(inputs);

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
    {
        var space = new IterationSpace(t.Input.Shape.Dims, new Operand("y", t.Output, IterationSpace.StridesOf(t.Output)), [new Operand("x", t.Input, IterationSpace.StridesOf(t.Input))]);
        return [space.Apply(ShaderDispatch.Of("widen_forward"), maxRank: 2).Specialize("wide", space.Wide)];
    }
}
