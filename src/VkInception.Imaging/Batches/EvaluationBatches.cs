using VkInception.Imaging.Augmentation;
using VkInception.Imaging.Datasets;

namespace VkInception.Imaging.Batches;

/// <summary>The images of a split once, in order, as the reference evaluates them. The last batch may be partial. Not thread-safe.</summary>
/// <remarks>One crop: a photo that is no larger than the input is resized to it, any other is resized and its centre cut, as the input says. 10 and 144 crops: as <see cref="CropPlan.Create"/>.</remarks>
public sealed class EvaluationBatches : IDisposable
{
    private readonly DatasetSplit split;
    private readonly BatchQueue queue;

    /// <summary>Starts the worker threads.</summary>
    /// <param name="split">The images.</param>
    /// <param name="input">The network's preprocessing at its size (<see cref="InputScaling.ScaledTo"/>).</param>
    /// <param name="options">Batch size, threads.</param>
    /// <param name="crops">Views of each image: 1, 10 or 144.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: no images, options that contradict themselves. <see cref="ErrorCode.OutOfHostMemory"/>: a batch larger than memory.</exception>
    public EvaluationBatches(DatasetSplit split, ImageInput input, BatchOptions options, int crops = 1)
        : this(split, [input], options, crops)
    {
    }

    /// <summary>Starts the worker threads, for networks of several preprocessings: each image is decoded once, and has its views for the first, then those for the next.</summary>
    /// <inheritdoc cref="EvaluationBatches(DatasetSplit, ImageInput, BatchOptions, int)"/>
    /// <param name="split">The images.</param>
    /// <param name="inputs">The preprocessings, at least one.</param>
    /// <param name="options">Batch size, threads.</param>
    /// <param name="crops">Views of each image for each preprocessing.</param>
    public EvaluationBatches(DatasetSplit split, IReadOnlyList<ImageInput> inputs, BatchOptions options, int crops)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        foreach (ImageInput input in inputs) Preprocessor.DemandConsistent(input);
        CropPlan.Demand(crops);
        BatchLimits.DemandPositive(options);
        if (split.Count == 0) throw new VkInceptionException(ErrorCode.InvalidArgument, "there are no images to evaluate with");
        long elements = inputs.Sum(input => (long)Preprocessor.ElementCount(input) * crops);
        if (inputs.Count == 0 || elements > Array.MaxLength)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{crops} crops of {string.Join(", ", inputs.Select(i => $"{i.Width}x{i.Height}"))} are too large; take fewer");
        this.split = split;
        Crops = crops;
        BatchCount = (split.Count - 1) / options.BatchSize + 1;
        queue = new BatchQueue(new Source(split, inputs, options, crops), options, (int)elements);
    }

    /// <summary>Views of each image.</summary>
    public int Crops { get; }

    /// <summary>Batches in all.</summary>
    public int BatchCount { get; }

    /// <summary>How long <see cref="Next"/> has waited for images, in all.</summary>
    public TimeSpan TimeWaited => queue.Waited;

    /// <summary>The next batch; null after the last. Images that cannot be read are left out with <see cref="UnreadablePolicy.Skip"/>.</summary>
    /// <exception cref="VkInceptionException">As <see cref="DatasetSplit.Read"/>, when an image cannot be read and that is an error.</exception>
    /// <exception cref="OperationCanceledException">When cancelled; the next call goes on where this one was.</exception>
    public LabelledBatch? Next(CancellationToken cancel = default) => queue.Next(split.Label, cancel);

    /// <summary>Stops the worker threads.</summary>
    public void Dispose() => queue.Dispose();

    private sealed class Source(DatasetSplit split, IReadOnlyList<ImageInput> inputs, BatchOptions options, int crops) : IBatchSource
    {
        private int next;

        public BatchPlan? Next()
        {
            long first = (long)next * options.BatchSize;
            if (first >= split.Count) return null;
            return new BatchPlan(0, next++, [.. Enumerable.Range((int)first, (int)Math.Min(options.BatchSize, split.Count - first))]);
        }

        public IImageFiller NewFiller() => new Filler(split, [.. inputs.Select(input => (input, new Augmenter(input, AugmentationOptions.None)))], options, crops);
    }

    private sealed class Filler(DatasetSplit split, IReadOnlyList<(ImageInput Input, Augmenter Augmenter)> inputs, BatchOptions options, int crops) : IImageFiller
    {
        public int Fill(BatchPlan plan, int position, Span<float> destination, List<PhotoFailure> failures)
        {
            int index = plan.Images[position];
            try
            {
                Write(split.Read(index), destination);
                return index;
            }
            catch (VkInceptionException e) when (options.Unreadable == UnreadablePolicy.Skip && e.Code != ErrorCode.OutOfHostMemory)
            {
                failures.Add(new PhotoFailure(index, split.Name(index), e));
                return -1;
            }
        }

        private void Write(Photo photo, Span<float> destination)
        {
            foreach ((ImageInput input, Augmenter augmenter) in inputs)
            {
                int elements = Preprocessor.ElementCount(input);
                if (crops == 1) augmenter.Write(photo, default, destination[..elements]);
                else WriteViews(photo, input, destination[..(elements * crops)], elements);
                destination = destination[(elements * crops)..];
            }
        }

        private void WriteViews(Photo photo, ImageInput input, Span<float> destination, int elements)
        {
            IReadOnlyList<CropView> views = CropPlan.Create(crops, photo.Width, photo.Height, input);
            for (int view = 0; view < crops; view++) Preprocessor.Run(photo, input, views[view], destination.Slice(view * elements, elements));
        }
    }
}
