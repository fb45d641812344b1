using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>Exponentials that sum to one along an axis: y = e^(x − max x) / Σ e^(x − max x).</summary>
/// <param name="Axis">The axis; negative counts from the end.</param>
public sealed record Softmax(int Axis = 1) : Op
{
    private const int MaxRank = 4;
    private const int LocalSize = 64;
    private const int MaxGroups = 65535;

    /// <inheritdoc/>
    public override string Attributes => $"axis {Axis}";

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 1) throw Mismatch($"takes one input, got {inputs.Length}");
        Shape x = inputs[0];
        if (Axis < -x.Rank || Axis >= x.Rank) throw Mismatch($"axis {Axis} is outside the input {x}");
        if (x.Rank > MaxRank + 1) throw Mismatch($"input {x}: at most {MaxRank + 1} axes are supported");
        return new OpSpec(x);
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
    {
        Shape shape = t.Input.Shape;
        int axis = Axis < 0 ? Axis + shape.Rank : Axis;
        ImmutableArray<int> xSteps = IterationSpace.StridesOf(t.Input), ySteps = IterationSpace.StridesOf(t.Output);
        // One workgroup per line along the axis; the space counts the lines.
        var lines = new IterationSpace(shape.With(axis, 1).Dims, new Operand("y", t.Output, ySteps), [new Operand("x", t.Input, xSteps)], allowWide: false);
        ShaderDispatch dispatch = lines.Apply(ShaderDispatch.Of("softmax_forward"), MaxRank)
            .With("lineLength", shape[axis]).With("xStep", xSteps[axis]).With("yStep", ySteps[axis]);
        return [dispatch.Groups((int)Math.Min(lines.Count, MaxGroups), 1, 1, LocalSize)];
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t)
    {
        if (t.InputGradient is not { } dx) return [];
        TensorView y = t.Forward.Output, dy = t.OutputGradient;
        Shape shape = y.Shape;
        int axis = Axis < 0 ? Axis + shape.Rank : Axis;
        ImmutableArray<int> ySteps = IterationSpace.StridesOf(y), dySteps = IterationSpace.StridesOf(dy), dxSteps = IterationSpace.StridesOf(dx.View);
        var lines = new IterationSpace(
            shape.With(axis, 1).Dims, new Operand("dx", dx.View, dxSteps), [new Operand("y", y, ySteps), new Operand("dy", dy, dySteps)], allowWide: false);
        ShaderDispatch dispatch = lines.Apply(ShaderDispatch.Of("softmax_backward"), MaxRank, dx)
            .With("lineLength", shape[axis]).With("yStep", ySteps[axis]).With("dyStep", dySteps[axis]).With("dxStep", dxSteps[axis]);
        return [dispatch.Groups((int)Math.Min(lines.Count, MaxGroups), 1, 1, LocalSize)];
    }
}
