namespace VkInception.Vulkan;

/// <summary>Hands out ranges of one memory block: best fit over a list of free ranges sorted by offset, neighbours merged when freed.</summary>
internal sealed class RangeAllocator
{
    private readonly List<(long Offset, long Size)> free;
    private readonly long capacity;

    public RangeAllocator(long capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        this.capacity = capacity;
        free = [(0, capacity)];
    }

    /// <summary>True when nothing is handed out.</summary>
    public bool IsEmpty => free.Count == 1 && free[0].Size == capacity;

    /// <summary>Bytes not handed out, in pieces or whole.</summary>
    public long FreeBytes => free.Sum(range => range.Size);

    /// <summary>An offset that is a multiple of <paramref name="alignment"/>, or null when no free range holds the size.</summary>
    public long? Allocate(long size, long alignment)
    {
        int best = -1;
        for (int i = 0; i < free.Count; i++)
        {
            long start = AlignUp(free[i].Offset, alignment);
            if (start - free[i].Offset <= free[i].Size - size && (best < 0 || free[i].Size < free[best].Size))
                best = i;
        }
        if (best < 0)
            return null;

        (long offset, long available) = free[best];
        long aligned = AlignUp(offset, alignment);
        long before = aligned - offset, after = available - before - size;
        free.RemoveAt(best);
        if (after > 0)
            free.Insert(best, (aligned + size, after));
        if (before > 0)
            free.Insert(best, (offset, before));
        return aligned;
    }

    /// <summary>Takes back a range that <see cref="Allocate"/> gave.</summary>
    public void Free(long offset, long size)
    {
        int next = free.FindIndex(range => range.Offset > offset);
        if (next < 0)
            next = free.Count;
        bool overlaps = (next < free.Count && offset + size > free[next].Offset)
            || (next > 0 && free[next - 1].Offset + free[next - 1].Size > offset);
        if (overlaps || offset < 0 || offset + size > capacity)
            throw new InvalidOperationException($"the range {offset}+{size} was not handed out");

        free.Insert(next, (offset, size));
        if (next + 1 < free.Count && free[next].Offset + free[next].Size == free[next + 1].Offset)
        {
            free[next] = (free[next].Offset, free[next].Size + free[next + 1].Size);
            free.RemoveAt(next + 1);
        }
        if (next > 0 && free[next - 1].Offset + free[next - 1].Size == free[next].Offset)
        {
            free[next - 1] = (free[next - 1].Offset, free[next - 1].Size + free[next].Size);
            free.RemoveAt(next);
        }
    }

    public static long AlignUp(long value, long alignment) => (value + alignment - 1) / alignment * alignment;
}
