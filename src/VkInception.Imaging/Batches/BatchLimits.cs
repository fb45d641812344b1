namespace VkInception.Imaging.Batches;

/// <summary>What fits: checked before anything is allocated.</summary>
internal static class BatchLimits
{
    /// <summary>Refuses batch sizes that are not positive or larger than the training images.</summary>
    public static void DemandPositive(BatchOptions options)
    {
        if (options.BatchSize <= 0) throw new VkInceptionException(ErrorCode.InvalidArgument, $"a batch size of {options.BatchSize} is not possible; give 1 or more");
        if (options.Threads < 0 || options.Threads > 1024) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{options.Threads} threads are not possible; give 1 to 1024, or 0 for one per core");
        if (options.QueueDepth is <= 0 or > 1024) throw new VkInceptionException(ErrorCode.InvalidArgument, $"a queue of {options.QueueDepth} batches is not possible; give 1 to 1024");
    }

    /// <summary>Batches that are made ahead: as many as wished, or as half of the memory holds beside the one that is in use.</summary>
    public static int Depth(BatchOptions options, int elements)
    {
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, image = 4L * elements, batch = image * options.BatchSize;
        long fits = Math.Min(Array.MaxLength / elements, memory / (2 * image));
        if (options.BatchSize > fits)
            throw new VkInceptionException(ErrorCode.OutOfHostMemory, $"a batch of {options.BatchSize} images takes {batch >> 20} MiB of memory, and two are held at least; at most {fits} images would fit");
        return (int)Math.Clamp(memory / batch - 1, 1, options.QueueDepth);
    }
}
