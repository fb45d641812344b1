using System.Collections.Immutable;
using System.Globalization;

namespace VkInception.Graph.Ops;

/// <summary>A constant border: Before[k] elements before and After[k] behind along axis k; a negative count crops (ONNX Pad, mode constant).</summary>
/// <param name="Before">Elements before, one count per axis.</param>
/// <param name="After">Elements behind, one count per axis.</param>
/// <param name="Value">What the border holds.</param>
public sealed record Pad(ImmutableArray<int> Before, ImmutableArray<int> After, float Value = 0) : Op
{
    private const int MaxRank = 5;

    /// <inheritdoc/>
    public override string Attributes
        => string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', Before)} before, {string.Join(',', After)} behind{(Value == 0 ? "" : $", value {Value:g}")}");

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 1) throw Mismatch($"takes one input, got {inputs.Length}");
        Shape x = inputs[0];
        if (x.Rank > MaxRank) throw Mismatch($"input {x}: at most {MaxRank} axes are supported");
        if (Before.Length != x.Rank || After.Length != x.Rank) throw Mismatch($"{Before.Length} and {After.Length} counts for the {x.Rank} axes of {x}");
        int[] extents = new int[x.Rank];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            long extent = (long)x[axis] + Before[axis] + After[axis];
            if (extent is < 1 or > int.MaxValue) throw Mismatch($"axis {axis} of {x} with {Before[axis]} before and {After[axis]} behind would hold {extent} elements");
            extents[axis] = (int)extent;
        }
        return new OpSpec(Shape.Create(extents));
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t) => [Shift(t.Input, t.Output, Before, Value).Write("y", t.Output).Specialize("accumulate", false)];

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t)
    {
        if (t.InputGradient is not { } dx) return [];
        // Back the other way: the border is cropped, and what was cropped has no gradient.
        ShaderDispatch shift = Shift(t.OutputGradient, dx.View, [.. Before.Select(count => -count)], 0);
        return [shift.Gradient("y", dx)];
    }

    /// <summary>y = x moved by <paramref name="before"/> along each axis, <paramref name="value"/> where x is not.</summary>
    private static ShaderDispatch Shift(TensorView x, TensorView y, ImmutableArray<int> before, float value)
    {
        ImmutableArray<int> xSteps = IterationSpace.StridesOf(x), ySteps = IterationSpace.StridesOf(y);
        // Axes in the order of the output's memory, innermost first; the shader finds x's element from y's coordinates.
        int[] axes = [.. IterationSpace.MemoryOrder(x.Shape.Rank)];
        bool wide = axes.Length > 0 && x.IsVec4 && y.IsVec4 && before[axes[0]] % 4 == 0;
        int step = wide ? 4 : 1;
        ShaderDispatch dispatch = ShaderDispatch.Of("pad_forward").Read("x", x)
            .Specialize("wide", wide).Specialize("rank", Math.Max(1, axes.Length)).With("count", (int)(y.Shape.Count / step)).With("value", value);
        for (int k = 0; k < MaxRank; k++)
        {
            bool used = k < axes.Length;
            int axis = used ? axes[k] : 0, unit = k == 0 ? step : 1;
            dispatch = dispatch.With($"yExtent{k}", used ? y.Shape[axis] / unit : 1).With($"xExtent{k}", used ? x.Shape[axis] / unit : 1)
                .With($"before{k}", used ? before[axis] / unit : 0);
            // Rows lie together in both: the innermost stride is 1.
            if (k > 0) dispatch = dispatch.With($"xStride{k}", used ? xSteps[axis] / step : 0).With($"yStride{k}", used ? ySteps[axis] / step : 0);
        }
        return dispatch.Over(y.Shape.Count / step);
    }

    /// <inheritdoc/>
    public bool Equals(Pad? other)
        => other is not null && Value.Equals(other.Value) && Before.AsSpan().SequenceEqual(other.Before.AsSpan()) && After.AsSpan().SequenceEqual(other.After.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Before.Concat(After).Aggregate(Value.GetHashCode(), HashCode.Combine);
}
