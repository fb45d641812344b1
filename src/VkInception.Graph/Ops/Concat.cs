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
            if (!LiesAt(x, t.Output, offset))
                yield return CopyKernel.Strided(x.Shape.Dims, new Operand("x", x, IterationSpace.StridesOf(x)), new Operand("y", t.Output, steps, offset));
            start += x.Shape[axis];
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t)
    {
        TensorView dy = t.OutputGradient;
        int axis = AxisOf(dy.Shape), start = 0;
        ImmutableArray<int> steps = IterationSpace.StridesOf(dy);
        for (int i = 0; i < t.InputGradients.Length; i++)
        {
            int offset = start * steps[axis];
            if (t.InputGradients[i] is { } dx && !LiesAt(dx.View, dy, offset))
                yield return CopyKernel.Strided(dx.View.Shape.Dims, new Operand("x", dy, steps, offset), new Operand("y", dx.View, IterationSpace.StridesOf(dx.View)), dx);
            start += t.Forward.Inputs[i].Shape[axis];
        }
    }

    private static bool LiesAt(TensorView part, TensorView whole, int offset) => part.Storage == whole.Storage && part.Offset == whole.Offset + offset;

    private int AxisOf(Shape shape) => Axis < 0 ? Axis + shape.Rank : Axis;
}
