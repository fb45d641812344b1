using System.Collections.Immutable;

namespace VkInception.Graph.Planning;

/// <summary>Places blocks in one arena so that blocks in use at the same time never overlap: largest first, lowest gap that fits.</summary>
internal static class Arena
{
    /// <summary>Every block starts on a multiple of this; no device asks for more, and vector loads never straddle.</summary>
    private const long Alignment = 256;

    public static (ImmutableArray<PlacedBlock> Blocks, long Bytes) Place(IReadOnlyList<Lifetime> lifetimes)
    {
        var placed = new List<(PlacedBlock Block, Lifetime Life)>();
        foreach (Lifetime life in lifetimes.OrderByDescending(l => l.Storage.Bytes).ThenBy(l => l.First).ThenBy(l => l.Storage.Name, StringComparer.Ordinal))
        {
            long bytes = life.Storage.Bytes;
            long offset = LowestGap(placed.Where(p => p.Life.Overlaps(life)).Select(p => p.Block), bytes);
            placed.Add((new PlacedBlock(life.Storage, offset, bytes, life.First, life.Last), life));
        }
        long end = placed.Count == 0 ? 0 : placed.Max(p => p.Block.Offset + p.Block.Bytes);
        return ([.. placed.Select(p => p.Block).OrderBy(b => b.FirstLevel).ThenBy(b => b.Offset)], Align(end));
    }

    private static long LowestGap(IEnumerable<PlacedBlock> neighbours, long bytes)
    {
        long offset = 0;
        foreach (PlacedBlock block in neighbours.OrderBy(b => b.Offset))
        {
            if (offset + bytes <= block.Offset) break;
            offset = Math.Max(offset, Align(block.Offset + block.Bytes));
        }
        return offset;
    }

    private static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
