using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>Axes in another order: axis k of the output is axis Permutation[k] of the input.</summary>
/// <param name="Permutation">Every axis of the input once; at most 6.</param>
public sealed record Transpose(ImmutableArray<int> Permutation) : Op
{
    /// <inheritdoc/>
    public override string Attributes => string.Join(' ', Permutation);

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 1) throw Mismatch($"takes one input, got {inputs.Length}");
        Shape x = inputs[0];
        if (x.Rank > CopyKernel.MaxRank) throw Mismatch($"input {x}: at most {CopyKernel.MaxRank} axes are supported");
        if (!Permutation.Order().SequenceEqual(Enumerable.Range(0, x.Rank)))
            throw Mismatch($"permutation {Attributes} does not name each of the {x.Rank} axes of {x} once");
        return new OpSpec(Shape.Create([.. Permutation.Select(axis => x[axis])]));
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
        => [CopyKernel.Strided(t.Output.Shape.Dims, new Operand("x", t.Input, Permuted(t.Input)), new Operand("y", t.Output, IterationSpace.StridesOf(t.Output)))];

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t)
    {
        if (t.InputGradient is not { } dx) return [];
        TensorView dy = t.OutputGradient;
        return [CopyKernel.Strided(dy.Shape.Dims, new Operand("x", dy, IterationSpace.StridesOf(dy)), new Operand("y", dx.View, Permuted(dx.View)), dx)];
    }

    /// <summary>The input's steps in the order of the output's axes.</summary>
    private ImmutableArray<int> Permuted(TensorView input)
    {
        ImmutableArray<int> own = IterationSpace.StridesOf(input);
        return [.. Permutation.Select(axis => own[axis])];
    }

    /// <inheritdoc/>
    public bool Equals(Transpose? other) => other is not null && Permutation.AsSpan().SequenceEqual(other.Permutation.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Permutation.Aggregate(Permutation.Length, HashCode.Combine);
}
