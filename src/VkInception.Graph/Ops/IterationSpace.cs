using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>One tensor of an elementwise kernel: its symbol, where it lies, and its step along each axis of the space, in elements.</summary>
internal sealed record Operand(string Symbol, TensorView View, ImmutableArray<int> Strides, int Offset = 0);

/// <summary>
/// The index space of an elementwise kernel: extents and each operand's strides, axes in the order of the output's memory,
/// axes of extent 1 dropped and neighbours merged where every operand allows, so that most tensors become one long row.
/// </summary>
/// <remarks>Axes are innermost first. Where <see cref="Wide"/>, the innermost extent, the strides and the offsets count groups of four elements.</remarks>
internal sealed class IterationSpace
{
    private readonly List<int> extents = [];
    private readonly ImmutableArray<List<int>> strides;
    private readonly ImmutableArray<Operand> operands;

    /// <summary>A space over <paramref name="logical"/> extents; <paramref name="output"/> gives the order of the axes.</summary>
    public IterationSpace(ImmutableArray<int> logical, Operand output, ReadOnlySpan<Operand> inputs, bool allowWide = true)
    {
        operands = [.. inputs, output];
        strides = [.. operands.Select(_ => new List<int>())];
        foreach (int axis in Enumerable.Range(0, logical.Length).Where(a => logical[a] > 1).OrderBy(a => output.Strides[a])) Append(axis, logical[axis]);
        if (extents.Count == 0) AppendUnit();
        Wide = allowWide && operands.All(AllowsWide);
        if (Wide) CountInFours();
    }

    /// <summary>Whether every operand can be read and written four elements at a time.</summary>
    public bool Wide { get; }

    /// <summary>Number of axes, at least 1.</summary>
    public int Rank => extents.Count;

    /// <summary>Invocations that cover the space.</summary>
    public long Count => extents.Aggregate(1L, (product, e) => product * e);

    /// <summary>Whether an operand stays on one element along the innermost axis.</summary>
    public bool IsSplat(string symbol) => strides[IndexOf(symbol)][0] == 0;

    /// <summary>The dispatch with the space's tensors, <c>rank</c>, <c>count</c>, <c>extent0…</c> and <c>xStride0…</c> of at most <paramref name="maxRank"/> axes.</summary>
    /// <remarks>The output is written, or where it is a <paramref name="gradient"/> perhaps added to.</remarks>
    public ShaderDispatch Apply(ShaderDispatch dispatch, int maxRank, Gradient? gradient = null)
    {
        if (Rank > maxRank) throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{dispatch.Kernel} walks at most {maxRank} axes that do not merge, here {Rank}");
        foreach (Operand o in operands[..^1]) dispatch = dispatch.Read(o.Symbol, o.View);
        dispatch = gradient is null ? dispatch.Write(operands[^1].Symbol, operands[^1].View) : dispatch.Gradient(operands[^1].Symbol, gradient);
        dispatch = dispatch.Specialize("rank", Rank).With("count", (int)Count);
        for (int axis = 0; axis < maxRank - 1; axis++) dispatch = dispatch.With($"extent{axis}", axis < Rank ? extents[axis] : 1);
        for (int i = 0; i < operands.Length; i++)
            for (int axis = 0; axis < maxRank; axis++) dispatch = dispatch.With($"{operands[i].Symbol}Stride{axis}", axis < Rank ? strides[i][axis] : 0);
        return dispatch.Over(Count);
    }

    /// <summary>An operand's offset in the units of the space.</summary>
    public int OffsetOf(string symbol)
    {
        int i = IndexOf(symbol);
        return Wide && strides[i][0] != 0 ? operands[i].Offset / 4 : operands[i].Offset;
    }

    /// <summary>Steps of a view along its logical axes.</summary>
    public static ImmutableArray<int> StridesOf(TensorView view)
    {
        Shape shape = view.Shape;
        int[] steps = new int[shape.Rank];
        int step = 0;
        foreach (int axis in MemoryOrder(shape.Rank))
        {
            // The first axis in memory is the row; the next steps from row to row.
            steps[axis] = Math.Max(step, 1);
            step = step == 0 ? view.RowStride : step * shape[axis];
        }
        return [.. steps];
    }

    /// <summary>Axes in the order of memory, innermost first.</summary>
    public static IEnumerable<int> MemoryOrder(int rank) => rank == 4 ? [1, 3, 2, 0] : Enumerable.Range(0, rank).Reverse();

    private int IndexOf(string symbol) => operands.IndexOf(operands.First(o => o.Symbol == symbol));

    private void Append(int axis, int extent)
    {
        bool merges = extents.Count > 0;
        for (int i = 0; i < operands.Length && merges; i++)
            merges = operands[i].Strides[axis] == (long)strides[i][^1] * extents[^1];
        if (merges)
        {
            extents[^1] *= extent;
            return;
        }
        extents.Add(extent);
        for (int i = 0; i < operands.Length; i++) strides[i].Add(operands[i].Strides[axis]);
    }

    private void AppendUnit()
    {
        extents.Add(1);
        foreach (List<int> s in strides) s.Add(1);
    }

    private bool AllowsWide(Operand operand)
    {
        List<int> s = strides[operands.IndexOf(operand)];
        if (extents[0] % 4 != 0) return false;
        // An operand that stays on one element is read singly and spread, wherever it lies.
        if (s[0] == 0) return true;
        return s[0] == 1 && operand.View.Offset % 4 == 0 && operand.Offset % 4 == 0 && s.Skip(1).All(step => step % 4 == 0);
    }

    private void CountInFours()
    {
        extents[0] /= 4;
        foreach (List<int> s in strides.Where(s => s[0] != 0))
            for (int axis = 1; axis < s.Count; axis++) s[axis] /= 4;
    }
}
