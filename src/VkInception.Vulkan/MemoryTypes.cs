using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>Which memory types serve which use, best first. Only coherent memory is ever mapped, so nothing needs flushing.</summary>
internal static class MemoryTypes
{
    private const MemoryPropertyFlags Local = MemoryPropertyFlags.DeviceLocalBit;
    private const MemoryPropertyFlags Mapped = MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit;
    private const MemoryPropertyFlags Cached = MemoryPropertyFlags.HostCachedBit;
    // Types with special rules (protected, lazily allocated, and AMD's uncached 0x40 and 0x80): never ours.
    private const MemoryPropertyFlags Plain = Local | Mapped | Cached;

    public static bool IsMapped(MemoryPropertyFlags flags) => (flags & Mapped) == Mapped;

    /// <summary>Indices of <paramref name="types"/> allowed by <paramref name="allowed"/> (a bit each) that fit the use.</summary>
    public static IReadOnlyList<int> For(MemoryUse use, ReadOnlySpan<MemoryPropertyFlags> types, uint allowed, bool unified)
    {
        var fitting = new List<(int Index, int Score)>();
        for (int i = 0; i < types.Length; i++)
        {
            if ((allowed >> i & 1) != 0 && (types[i] & ~Plain) == 0 && Score(use, types[i], unified) is { } score)
                fitting.Add((i, score));
        }
        // Stable: drivers list the faster of two like types first.
        return [.. fitting.OrderByDescending(type => type.Score).Select(type => type.Index)];
    }

    private static int? Score(MemoryUse use, MemoryPropertyFlags flags, bool unified)
    {
        bool local = flags.HasFlag(Local), mapped = IsMapped(flags), cached = flags.HasFlag(Cached);
        return use switch
        {
            // A small window into the device's memory (no resizable BAR) is left to those who need it,
            // and the host's cache, which the device would have to ask, to those who read often.
            MemoryUse.Device when local => unified == mapped ? (cached ? 2 : 3) : 1,
            MemoryUse.Upload when mapped => local ? 1 : cached ? 2 : 3,
            MemoryUse.Readback when mapped => cached ? (local ? 3 : 4) : (local ? 1 : 2),
            _ => null,
        };
    }
}
