namespace VkInception.Benchmarks.Suite;

/// <summary>Device time by layer, at one batch.</summary>
internal sealed record LayerTable(int Batch, LayerTime[] Layers)
{
    /// <summary>The same by kernel, the costliest first.</summary>
    public IEnumerable<LayerTime> Kernels => Layers.GroupBy(l => l.Kernels)
        .Select(k => new LayerTime(Counted(k.Count()), "", k.Key, k.Sum(l => l.Milliseconds), k.Sum(l => l.MultiplyAdds), k.Sum(l => l.Bytes)))
        .OrderByDescending(k => k.Milliseconds);

    private static string Counted(int layers) => layers == 1 ? "1 layer" : $"{layers} layers";
}
