namespace VkInception.Imaging.Datasets;

/// <summary>Bytes that may still be kept.</summary>
internal sealed class CacheBudget(long bytes)
{
    private long left = Math.Min(bytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>Takes bytes from the budget, if there are as many.</summary>
    public bool Take(long wanted)
    {
        if (Interlocked.Add(ref left, -wanted) >= 0) return true;
        Interlocked.Add(ref left, wanted);
        return false;
    }
}
