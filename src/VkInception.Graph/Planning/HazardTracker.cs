namespace VkInception.Graph.Planning;

/// <summary>Derives barriers from what launches read and write: one is needed when a launch touches what an unfinished launch wrote, or writes what one reads.</summary>
internal sealed class HazardTracker(IEnumerable<PlacedBlock> blocks, int elementBytes)
{
    private readonly Dictionary<Storage, long> offsets = blocks.ToDictionary(b => b.Storage, b => b.Offset);
    private readonly List<Touched> reads = [];
    private readonly List<Touched> writes = [];

    /// <summary>Whether a barrier must stand before the launch; takes note of the launch either way.</summary>
    public bool NeedsBarrier(ShaderDispatch launch)
    {
        List<(Touched Memory, Access Access)> touched = [.. launch.Tensors.Where(t => t.View.Storage.Parameter is null).Select(t => (Of(t.View), t.Access))];
        bool conflict = touched.Any(t => writes.Any(t.Memory.Overlaps) || (t.Access != Access.Read && reads.Any(t.Memory.Overlaps)));
        if (conflict)
        {
            reads.Clear();
            writes.Clear();
        }
        foreach ((Touched memory, Access access) in touched)
        {
            if (access != Access.Write) reads.Add(memory);
            if (access != Access.Read) writes.Add(memory);
        }
        return conflict;
    }

    private Touched Of(TensorView view)
    {
        long start = offsets[view.Storage] + view.Offset * elementBytes;
        return new Touched(view, start, start + view.Extent * elementBytes);
    }

    private readonly record struct Touched(TensorView View, long Start, long End)
    {
        public bool Overlaps(Touched other) => Start < other.End && other.Start < End && !IsOtherSlice(other);

        /// <summary>Two slices of one block, side by side: their ranges interleave but no byte is shared.</summary>
        private bool IsOtherSlice(Touched other)
        {
            if (View.Storage != other.View.Storage || View.RowStride != other.View.RowStride) return false;
            long mine = View.Offset % View.RowStride, theirs = other.View.Offset % View.RowStride;
            bool staysInRow = mine + View.RowLength <= View.RowStride && theirs + other.View.RowLength <= View.RowStride;
            return staysInRow && (mine + View.RowLength <= theirs || theirs + other.View.RowLength <= mine);
        }
    }
}
