using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>Dispatches of <c>copy_forward</c>: elements from one layout to another.</summary>
internal static class CopyKernel
{
    /// <summary>Axes that the shader walks.</summary>
    public const int MaxRank = 6;

    /// <summary>Copies along <paramref name="extents"/>, both operands (symbols x and y) stepping by their strides from their offsets; adds where y is a gradient that accumulates.</summary>
    public static ShaderDispatch Strided(ImmutableArray<int> extents, Operand x, Operand y, Gradient? gradient = null)
    {
        var space = new IterationSpace(extents, y, [x]);
        ShaderDispatch dispatch = space.Apply(ShaderDispatch.Of("copy_forward"), MaxRank, gradient).Specialize("wide", space.Wide)
            .With("xOffset", space.OffsetOf("x")).With("yOffset", space.OffsetOf("y"));
        return gradient is null ? dispatch.Specialize("accumulate", false) : dispatch;
    }

    /// <summary>Whether the elements of both shapes, taken in logical order, also come in one order in memory.</summary>
    public static bool SameOrder(Shape a, Shape b)
        => (IsLogical(a) && IsLogical(b)) || (a.Rank == 4 && b.Rank == 4 && a.C == b.C && (long)a.H * a.W == (long)b.H * b.W);

    /// <summary>The launches that give x another shape of as many elements, in logical order; none where y is x's own memory.</summary>
    public static IEnumerable<ShaderDispatch> Reshape(TensorView x, TensorView y) => Reshape(x, y, null);

    /// <summary>As <see cref="Reshape(TensorView, TensorView)"/>, into a gradient.</summary>
    public static IEnumerable<ShaderDispatch> Reshape(TensorView x, Gradient y) => Reshape(x, y.View, y);

    private static IEnumerable<ShaderDispatch> Reshape(TensorView x, TensorView y, Gradient? gradient)
    {
        if (x.Storage == y.Storage && x.Offset == y.Offset) return [];
        if (CommonExtents(x.Shape, y.Shape) is { } common) return [Over(common, x, y, gradient)];
        // No finer shape divides both: by way of the logical order, which every shape divides.
        TensorView order = TensorView.Dense([(int)x.Shape.Count], new Storage("reshape workspace", x.Shape.Count, type: x.Type));
        return [Over(x.Shape.Dims, x, order), Over(y.Shape.Dims, order, y, gradient)];
    }

    private static bool IsLogical(Shape shape) => shape.Rank != 4 || shape.C == 1 || (shape.H == 1 && shape.W == 1);

    private static ShaderDispatch Over(ImmutableArray<int> extents, TensorView x, TensorView y, Gradient? gradient = null)
        => Strided(extents, new Operand("x", x, StridesAlong(extents, x)), new Operand("y", y, StridesAlong(extents, y)), gradient);

    /// <summary>The coarsest extents that both shapes are made of by merging neighbours; null where there are none.</summary>
    private static ImmutableArray<int>? CommonExtents(Shape a, Shape b)
    {
        // Products of the trailing extents: a common refinement exists where they divide one another in a chain.
        long[] products = [.. TrailingProducts(a).Concat(TrailingProducts(b)).Distinct().Order()];
        var extents = new List<int>();
        long before = 1;
        foreach (long product in products)
        {
            if (product % before != 0) return null;
            if (product != before) extents.Add((int)(product / before));
            before = product;
        }
        extents.Reverse();
        return [.. extents];
    }

    private static IEnumerable<long> TrailingProducts(Shape shape)
    {
        long product = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--) yield return product *= shape[axis];
    }

    /// <summary>Steps of a view along extents that refine its shape, or that its shape refines where it is one dense row.</summary>
    private static ImmutableArray<int> StridesAlong(ImmutableArray<int> extents, TensorView view)
    {
        int[] steps = new int[extents.Length];
        ImmutableArray<int> viewSteps = IterationSpace.StridesOf(view);
        int axis = view.Shape.Rank - 1;
        long within = 1;
        for (int i = extents.Length - 1; i >= 0; i--)
        {
            while (axis > 0 && within >= view.Shape[axis])
            {
                within /= view.Shape[axis];
                axis--;
            }
            steps[i] = (int)((axis < 0 ? 1 : viewSteps[axis]) * within);
            within *= extents[i];
        }
        return [.. steps];
    }
}
