namespace VkInception.Imaging.Augmentation;

/// <summary>Keeps the filter windows of small images, which would take longer to make than to use. One thread at a time.</summary>
internal sealed class WindowCache
{
    private const int MaxSide = 512, MaxEntries = 1024;

    private readonly Dictionary<(int, long, long, int, Interpolation), FilterWindows> kept = [];

    public FilterWindows Get(int sourceSize, long fullSize, long first, int count, Interpolation interpolation)
    {
        if (sourceSize > MaxSide || fullSize > MaxSide) return FilterWindows.Create(sourceSize, fullSize, first, count, interpolation);
        var key = (sourceSize, fullSize, first, count, interpolation);
        if (kept.TryGetValue(key, out FilterWindows? windows)) return windows;
        if (kept.Count == MaxEntries) kept.Clear();
        return kept[key] = FilterWindows.Create(sourceSize, fullSize, first, count, interpolation);
    }
}
