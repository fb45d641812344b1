using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>Elementwise arithmetic on two tensors with NumPy's broadcasting: shapes align at the last axis, an extent of 1 stretches.</summary>
/// <remarks>
/// Takes two inputs; or, where <see cref="ConstantShape"/> is set, one input and the parameter <c>constant</c>
/// (a scale or shift of a Caffe or ONNX network). Shapes of up to 5 axes.
/// </remarks>
public abstract record BinaryOp : Op
{
    private const int MaxRank = 5;
    private const int Difference = 1, Product = 2, Quotient = 3;

    /// <summary>Shape of the parameter that stands for one of the inputs; null where both are computed.</summary>
    public Shape? ConstantShape { get; init; }

    /// <summary>Whether the parameter is the first operand (1 − x) and not the second.</summary>
    public bool ConstantFirst { get; init; }

    /// <summary>The shader's number for the operation: sum, difference, product, quotient.</summary>
    private protected abstract int Operation { get; }

    /// <inheritdoc/>
    public override string Attributes => ConstantShape is null ? "" : $"{(ConstantFirst ? "from " : "by ")}a constant {ConstantShape}";

    /// <inheritdoc/>
    public sealed override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        int expected = ConstantShape is null ? 2 : 1;
        if (inputs.Length != expected) throw Mismatch($"takes {expected} input{(expected == 1 ? " beside its constant" : "s")}, got {inputs.Length}");
        (Shape a, Shape b) = Order(inputs[0], ConstantShape ?? inputs[1]);
        Shape y = Broadcast(a, b);
        return new OpSpec([y], ConstantShape is null ? [] : [new ParameterSpec("constant", ConstantShape)]);
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<Dispatch> Forward(OpTensors t)
    {
        (TensorView a, TensorView b) = Order(t.Input, ConstantShape is null ? t.Inputs[1] : t.Parameters[0]);
        return [Elementwise(Operation, a, b, t.Output)];
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<Dispatch> Backward(BackwardTensors t)
    {
        OpTensors f = t.Forward;
        (TensorView a, TensorView b) = Order(f.Input, ConstantShape is null ? f.Inputs[1] : f.Parameters[0]);
        (Gradient? da, Gradient? db) = Order(t.InputGradient, ConstantShape is null ? t.InputGradients[1] : t.ParameterGradients[0]);
        TensorView dy = t.OutputGradient;
        // da = Σ dy, Σ dy, Σ dy·b, Σ dy/b; db = Σ dy, −Σ dy, Σ dy·a, −Σ dy·y/b.
        if (da is not null)
            foreach (ShaderDispatch launch in Sum(da, dy, Operation < 2 ? null : b, Operation < 2 ? 0 : Operation, negative: false)) yield return launch;
        if (db is null) yield break;
        if (Operation == Quotient) yield return Elementwise(Product, dy, f.Output, dy);
        TensorView? other = Operation switch { < 2 => null, Product => a, _ => b };
        foreach (ShaderDispatch launch in Sum(db, dy, other, Operation < 2 ? 0 : Operation, negative: Operation is Difference or Quotient)) yield return launch;
    }

    /// <inheritdoc/>
    public sealed override bool IsHalved(int index) => true;

    private static IEnumerable<ShaderDispatch> Sum(Gradient d, TensorView dy, TensorView? other, int operation, bool negative)
        => new ReductionSpace(d.View, BroadcastStrides(d.View, dy.Shape), dy, other is null ? null : (other, BroadcastStrides(other, dy.Shape))).Apply(d, operation, negative);

    private static ShaderDispatch Elementwise(int operation, TensorView a, TensorView b, TensorView y)
    {
        var space = new IterationSpace(y.Shape.Dims, new Operand("y", y, IterationSpace.StridesOf(y)),
            [new Operand("a", a, BroadcastStrides(a, y.Shape)), new Operand("b", b, BroadcastStrides(b, y.Shape))]);
        return space.Apply(ShaderDispatch.Of("binary_forward"), MaxRank).Specialize("wide", space.Wide).Specialize("operation", operation)
            .Specialize("splat_a", space.IsSplat("a")).Specialize("splat_b", space.IsSplat("b"));
    }

    private (T A, T B) Order<T>(T input, T other) => ConstantFirst && ConstantShape is not null ? (other, input) : (input, other);

    private static Shape Broadcast(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        if (rank > MaxRank) throw Mismatch($"inputs {a} and {b}: at most {MaxRank} axes are supported");
        int[] extents = new int[rank];
        for (int axis = 1; axis <= rank; axis++)
        {
            int ea = axis <= a.Rank ? a[-axis] : 1, eb = axis <= b.Rank ? b[-axis] : 1;
            if (ea != eb && ea != 1 && eb != 1) throw Mismatch($"inputs {a} and {b} do not broadcast: extents {ea} and {eb} stand {axis} from the end");
            extents[rank - axis] = Math.Max(ea, eb);
        }
        return Shape.Create(extents);
    }

    /// <summary>Steps along the output's axes: 0 along those that the operand stretches over.</summary>
    private static ImmutableArray<int> BroadcastStrides(TensorView operand, Shape output)
    {
        ImmutableArray<int> own = IterationSpace.StridesOf(operand);
        int missing = output.Rank - operand.Shape.Rank;
        return [.. Enumerable.Range(0, output.Rank).Select(axis => axis < missing || operand.Shape[axis - missing] == 1 ? 0 : own[axis - missing])];
    }
}
