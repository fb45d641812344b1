namespace VkInception.Graph.Planning;

/// <summary>Derives barriers from what launches read and write: one is needed when a launch touches what an unfinished launch wrote, or writes what one reads.</summary>
internal sealed class HazardTracker(IEnumerable<PlacedBlock> blocks)
{
    private readonly Dictionary<Storage, long> offsets = blocks.ToDictionary(b => b.Storage, b => b.Offset);
    private readonly List<Touched> reads = [];
    private readonly List<Touched> writes = [];

    /// <summary>Whether a barrier must stand before the launch; takes note of the launch either way.</summary>
    public bool NeedsBarrier(ShaderDispatch launch)
    {
        List<(Touched Memory, Access Access)> touched = [.. launch.Tensors.Select(t => (Of(t.View), t.Access))];
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
        long start = (view.Storage.IsResident ? 0 : offsets[view.Storage]) + view.OffsetBytes;
        return new Touched(view, view.Storage.IsResident ? view.Storage : null, start, start + view.ExtentBytes);
    }

    /// <summary>A range of the arena, or of a storage with memory of its own.</summary>
    private readonly record struct Touched(TensorView View, Storage? Resident, long Start, long End)
    {
        public bool Overlaps(Touched other) => Resident == other.Resident && Start < other.End && other.Start < End && !View.IsBeside(other.View);
    }
}
