namespace VkInception.Imaging.Datasets;

/// <summary>Reads every image of a split.</summary>
internal static class SplitValidation
{
    private const int ProgressStep = 64;

    public static IEnumerable<UnreadableImage> Run(DatasetSplit split, int threads, Action<int> progress, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (split.InMemory)
        {
            progress(split.Count);
            return [];
        }
        var errors = new VkInceptionException?[split.Count];
        var reporting = new Lock();
        int done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancel };
        Parallel.For(0, split.Count, parallel, i =>
        {
            try
            {
                split.Read(i);
            }
            catch (VkInceptionException e)
            {
                errors[i] = e;
            }
            lock (reporting)
            {
                if (++done % ProgressStep == 0 || done == split.Count) progress(done);
            }
        });
        return Enumerable.Range(0, split.Count).Where(i => errors[i] is not null).Select(i => new UnreadableImage(split.SplitName, i, split.Name(i), errors[i]!));
    }
}
