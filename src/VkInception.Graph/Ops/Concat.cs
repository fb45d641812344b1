using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>Inputs one behind the other along an axis; the other extents agree (the filter concatenation of an Inception module, 1409.4842, section 4).</summary>
/// <remarks>An input that the planner placed inside the output already costs nothing; each of the others is one copy.</remarks>
/// <param name="Axis">The axis; negative counts from the end.</param>
public sealed record Concat(int Axis = 1) : Op
{
    /// <inheritdoc/>
    public override string Attributes => $"axis {Axis}";

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        if (inputs.IsEmpty) throw Mismatch("takes at least one input, got none");
        Shape first = inputs[0];
        if (Axis < -first.Rank || Axis >= first.Rank) throw Mismatch($"axis {Axis} is outside the input {first}");
        if (first.Rank > CopyKernel.MaxRank) throw Mismatch($"input {first}: at most {CopyKernel.MaxRank} axes are supported");
        int axis = AxisOf(first);
        long extent = 0;
        foreach (Shape shape in inputs)
        {
            if (shape.Rank != first.Rank || !shape.With(axis, 1).Equals(first.With(axis, 1)))
                throw Mismatch($"inputs {string.Join(", ", inputs)} differ outside axis {axis}");
            extent += shape[axis];
        }
        if (extent > int.MaxValue) throw Mismatch($"axis {axis} of the output would hold {extent} elements");
        return new OpSpec(first.With(axis, (int)extent));
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
    {
        int axis = AxisOf(t.Output.Shape), start = 0;
        ImmutableArray<int> steps = IterationSpace.StridesOf(t.Output);
        foreach (TensorView x in t.Inputs)
        {
            int offset = start * steps[axis];
            bool inPlace = x.Storage == t.Output.Storage && x.Offset == t.Output.Offset + offset;
            if (!inPlace) yield return CopyKernel.Strided(x.Shape.Dims, x, IterationSpace.StridesOf(x), t.Output, steps, offset);
            start += x.Shape[axis];
        }
    }

    private int AxisOf(Shape shape) => Axis < 0 ? Axis + shape.Rank : Axis;
}
