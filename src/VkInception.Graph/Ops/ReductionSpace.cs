using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>The index space of <c>binary_backward</c>: the axes of an operand, and those of the output that it stretches along and that its gradient sums over.</summary>
/// <remarks>Axes of extent 1 are dropped and neighbours merged where every array allows, as in <see cref="IterationSpace"/>; strides are innermost first.</remarks>
internal sealed class ReductionSpace
{
    /// <summary>Axes that the shader walks, both kinds together.</summary>
    private const int MaxRank = 5;

    /// <summary>Invocations that keep a device busy; a sum whose operand has fewer elements is taken in parts.</summary>
    private const int Busy = 4096;

    /// <summary>A part of fewer terms is not worth a partial sum of its own; more parts than so many are not worth summing.</summary>
    private const int LeastPerPart = 32, MostParts = 1024;

    private readonly Axes kept, reduced;
    private readonly TensorView dy;
    private readonly TensorView? other;
    private readonly bool wide, splat;

    /// <summary>The space of the gradient <paramref name="d"/> of one operand.</summary>
    /// <param name="d">The gradient's view.</param>
    /// <param name="dSteps">Its steps along the output's axes, 0 where the operand stretches.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="other">What each term is multiplied or divided by, with its steps along the output's axes; null for nothing.</param>
    public ReductionSpace(TensorView d, ImmutableArray<int> dSteps, TensorView dy, (TensorView View, ImmutableArray<int> Steps)? other)
    {
        this.dy = dy;
        this.other = other?.View;
        ImmutableArray<int> dySteps = IterationSpace.StridesOf(dy), otherSteps = other?.Steps ?? [.. dySteps.Select(_ => 0)];
        int[] axes = [.. Enumerable.Range(0, dy.Shape.Rank).Where(a => dy.Shape[a] > 1)];
        kept = Axes.Of(axes.Where(a => dSteps[a] != 0).OrderBy(a => dSteps[a]), dy.Shape, dySteps, otherSteps, dSteps);
        reduced = Axes.Of(axes.Where(a => dSteps[a] == 0).OrderBy(a => dySteps[a]), dy.Shape, dySteps, otherSteps, dSteps);
        if (kept.Extents.Count == 0) kept.Add(1, 1, other is null ? 0 : 1, 1);
        splat = other is not null && kept.Other[0] == 0;
        wide = AllowsWide(d) && (other is null || splat || AllowsWide(other.Value.View, kept.Other, reduced.Other)) && AllowsWide(dy, kept.Dy, reduced.Dy);
        if (wide) CountInFours();
    }

    /// <summary>The launches: one, or two where the sum is taken in parts.</summary>
    public IEnumerable<ShaderDispatch> Apply(Gradient d, int operation, bool negative)
    {
        int keptCount = kept.Count, reducedCount = reduced.Count;
        int wanted = Math.Clamp(Busy / keptCount, 1, MostParts), perPart = Math.Max(LeastPerPart, (reducedCount + wanted - 1) / wanted);
        int parts = (reducedCount + perPart - 1) / perPart;
        ShaderDispatch sums = ShaderDispatch.Of("binary_backward").Read("dy", dy).Read("other", other ?? dy)
            .Specialize("operation", operation).Specialize("negative", negative).Specialize("splat", splat).Specialize("reduced_rank", reduced.Extents.Count)
            .Specialize("float_dy", IsFloat(dy))
            .With("perPart", perPart).With("reducedCount", reducedCount);
        if (parts == 1) return [Walk(sums.Gradient("d", d).Specialize("partial", false).Specialize("float_d", IsFloat(d.View)), kept, reduced, 1)];

        int elements = keptCount * (wide ? 4 : 1);
        TensorView partials = TensorView.Dense([parts, elements], new Storage("broadcast gradient workspace", (long)parts * elements, type: dy.SumType));
        var across = new Axes();
        // One row of partial sums per part, each in the order in which the kept axes are walked.
        across.Add(parts, keptCount, 0, 0);
        var rows = new Axes();
        for (int axis = 0, step = 1; axis < kept.Extents.Count; step *= kept.Extents[axis++]) rows.Add(kept.Extents[axis], step, 0, kept.D[axis]);
        ShaderDispatch total = ShaderDispatch.Of("binary_backward").Read("dy", partials).Read("other", partials).Gradient("d", d)
            .Specialize("operation", 0).Specialize("negative", false).Specialize("splat", false).Specialize("partial", false).Specialize("reduced_rank", 1)
            .Specialize("float_dy", true).Specialize("float_d", IsFloat(d.View))
            .With("perPart", parts).With("reducedCount", parts);
        return
        [
            Walk(sums.Write("d", partials).Specialize("accumulate", false).Specialize("partial", true).Specialize("float_d", true), kept, reduced, parts),
            Walk(total, rows, across, 1),
        ];
    }

    private ShaderDispatch Walk(ShaderDispatch dispatch, Axes kept, Axes reduced, int parts)
    {
        int rank = kept.Extents.Count + reduced.Extents.Count;
        if (rank > MaxRank) throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{dispatch.Kernel} walks at most {MaxRank} axes that do not merge, here {rank}");
        dispatch = dispatch.Specialize("wide", wide).Specialize("kept_rank", kept.Extents.Count).With("count", parts * kept.Count).With("keptCount", kept.Count);
        for (int axis = 0; axis < MaxRank; axis++)
        {
            bool isKept = axis < kept.Extents.Count;
            Axes from = isKept ? kept : reduced;
            int k = isKept ? axis : axis - kept.Extents.Count;
            bool used = axis < rank;
            dispatch = dispatch.With($"extent{axis}", used ? from.Extents[k] : 1).With($"dyStride{axis}", used ? from.Dy[k] : 0)
                .With($"otherStride{axis}", used ? from.Other[k] : 0).With($"dStride{axis}", used ? from.D[k] : 0);
        }
        return dispatch.Over(parts * (long)kept.Count);
    }

    private static bool IsFloat(TensorView view) => view.Type == ElementType.Float32;

    private bool AllowsWide(TensorView d) => kept.Extents[0] % 4 == 0 && AllowsWide(d, kept.D, []);

    private static bool AllowsWide(TensorView view, List<int> steps, List<int> summed)
        => steps[0] == 1 && view.Offset % 4 == 0 && steps.Skip(1).Concat(summed).All(s => s % 4 == 0);

    private void CountInFours()
    {
        kept.Extents[0] /= 4;
        foreach (List<int> steps in new[] { kept.Dy, kept.D }.Concat(splat ? [] : [kept.Other]))
            for (int axis = 1; axis < steps.Count; axis++) steps[axis] /= 4;
        foreach (List<int> steps in splat ? [reduced.Dy] : new[] { reduced.Dy, reduced.Other })
            for (int axis = 0; axis < steps.Count; axis++) steps[axis] /= 4;
    }

    /// <summary>Extents and each array's steps, innermost first.</summary>
    private sealed class Axes
    {
        public List<int> Extents { get; } = [];

        public List<int> Dy { get; } = [];

        public List<int> Other { get; } = [];

        public List<int> D { get; } = [];

        public int Count => Extents.Aggregate(1, (product, e) => product * e);

        public static Axes Of(IEnumerable<int> axes, Shape shape, ImmutableArray<int> dy, ImmutableArray<int> other, ImmutableArray<int> d)
        {
            var found = new Axes();
            foreach (int axis in axes) found.Append(shape[axis], dy[axis], other[axis], d[axis]);
            return found;
        }

        public void Add(int extent, int dy, int other, int d)
        {
            Extents.Add(extent);
            Dy.Add(dy);
            Other.Add(other);
            D.Add(d);
        }

        private void Append(int extent, int dy, int other, int d)
        {
            bool merges = Extents.Count > 0 && dy == (long)Dy[^1] * Extents[^1] && other == (long)Other[^1] * Extents[^1] && d == (long)D[^1] * Extents[^1];
            if (merges) Extents[^1] *= extent;
            else Add(extent, dy, other, d);
        }
    }
}
