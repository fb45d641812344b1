using System.Runtime.CompilerServices;

namespace VkInception.Imaging;

/// <summary>Decodes and preprocesses lists of files on several threads.</summary>
/// <remarks>Memory: the batch (N·C·H·W floats) and, for each thread, one file with its decoded pixels (at most twice 3 bytes × <see cref="PhotoOptions.MaxPixels"/>).</remarks>
public static class BatchLoader
{
    /// <summary>Loads every file into one batch. A file that fails is listed in <see cref="PhotoBatch.Failures"/> and does not stop the others.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="input">The network's preprocessing.</param>
    /// <param name="threads">Threads that decode; 0 takes one per core.</param>
    /// <param name="options">Limits and codec.</param>
    /// <param name="crops">Views of each photo, as <see cref="CropPlan.Create"/> plans them: 1, 10 or 144.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when the preprocessing contradicts itself or the batch exceeds what an array holds; <see cref="ErrorCode.OutOfHostMemory"/> when there is no memory for it.</exception>
    /// <exception cref="OperationCanceledException">When cancelled.</exception>
    public static PhotoBatch Load(IReadOnlyList<string> paths, ImageInput input, int threads = 0, PhotoOptions? options = null, int crops = 1, CancellationToken cancellationToken = default)
        => Load(paths, 0, paths?.Count ?? 0, input, threads, options, crops, cancellationToken);

    /// <summary>Loads the files in batches of <paramref name="batchSize"/>, the next while the caller works on the present one.</summary>
    /// <remarks>Indices count through the whole list of files. A batch may hold fewer images than <paramref name="batchSize"/>, and none, where files fail.</remarks>
    /// <inheritdoc cref="Load(IReadOnlyList{string}, ImageInput, int, PhotoOptions?, int, CancellationToken)"/>
    public static async IAsyncEnumerable<PhotoBatch> LoadBatchesAsync(
        IReadOnlyList<string> paths, ImageInput input, int batchSize, int threads = 0, PhotoOptions? options = null, int crops = 1,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (batchSize <= 0) throw new VkInceptionException(ErrorCode.InvalidArgument, $"a batch size of {batchSize} is not possible; give 1 or more");
        if (paths.Count == 0) yield break;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<PhotoBatch> Start(int first)
            => Task.Run(() => Load(paths, first, Math.Min(batchSize, paths.Count - first), input, threads, options, crops, stop.Token), stop.Token);

        Task<PhotoBatch> next = Start(0);
        try
        {
            for (int first = batchSize; first < paths.Count; first += batchSize)
            {
                PhotoBatch batch = await next.ConfigureAwait(false);
                next = Start(first);
                yield return batch;
            }
            yield return await next.ConfigureAwait(false);
        }
        finally
        {
            // A caller that leaves early must not leave a decoding thread behind.
            await stop.CancelAsync().ConfigureAwait(false);
            await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private static PhotoBatch Load(IReadOnlyList<string>? paths, int first, int count, ImageInput input, int threads, PhotoOptions? options, int crops, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Preprocessor.DemandConsistent(input);
        CropPlan.Demand(crops);
        long total = (long)Preprocessor.ElementCount(input) * crops * count;
        if (total > Array.MaxLength)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"a batch of {count} photos in {crops} crops of {input.Width}x{input.Height} is too large; load smaller batches");

        float[] tensor = Allocate(total);
        int elements = Preprocessor.ElementCount(input) * crops;
        var errors = new VkInceptionException?[count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, count, parallel, i =>
        {
            try
            {
                RunViews(Photo.Load(paths[first + i], options), input, crops, tensor.AsSpan(i * elements, elements));
            }
            catch (VkInceptionException e)
            {
                errors[i] = e;
            }
        });
        return Pack(paths, first, input, crops, tensor, errors);
    }

    private static float[] Allocate(long floats)
    {
        try
        {
            return new float[floats];
        }
        catch (OutOfMemoryException e)
        {
            throw new VkInceptionException(ErrorCode.OutOfHostMemory, $"no memory for a batch of {floats} floats; load smaller batches", e);
        }
    }

    private static void RunViews(Photo photo, ImageInput input, int crops, Span<float> destination)
    {
        int elements = destination.Length / crops;
        IReadOnlyList<CropView> views = CropPlan.Create(crops, photo.Width, photo.Height, input);
        for (int view = 0; view < crops; view++) Preprocessor.Run(photo, input, views[view], destination.Slice(view * elements, elements));
    }

    private static PhotoBatch Pack(IReadOnlyList<string> paths, int first, ImageInput input, int crops, float[] tensor, VkInceptionException?[] errors)
    {
        int elements = Preprocessor.ElementCount(input) * crops;
        var indices = new List<int>(errors.Length);
        var failures = new List<PhotoFailure>();
        for (int i = 0; i < errors.Length; i++)
        {
            if (errors[i] is { } error)
            {
                failures.Add(new PhotoFailure(first + i, paths[first + i], error));
                continue;
            }
            if (indices.Count < i) tensor.AsSpan(i * elements, elements).CopyTo(tensor.AsSpan(indices.Count * elements));
            indices.Add(first + i);
        }
        return new PhotoBatch(input, crops, tensor, indices, failures);
    }
}
