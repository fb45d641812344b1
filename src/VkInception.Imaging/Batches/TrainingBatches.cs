using VkInception.Imaging.Augmentation;
using VkInception.Imaging.Datasets;

namespace VkInception.Imaging.Batches;

/// <summary>Endless training batches: every epoch all images once in a random order, the last, partial batch left out.</summary>
/// <remarks>What a batch holds depends on split, input, options and its place alone: not on threads, queue or where the start was.</remarks>
public sealed class TrainingBatches : IDisposable
{
    // The epoch has 24 bits in the counter of the random numbers.
    private const int MaxEpoch = (1 << 24) - 1;

    private readonly DatasetSplit split;
    private readonly BatchQueue queue;

    /// <summary>Starts the worker threads.</summary>
    /// <param name="split">The images.</param>
    /// <param name="input">The network's preprocessing at its size (<see cref="InputScaling.ScaledTo"/>).</param>
    /// <param name="options">Batch size, seed, augmentation, start.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: no images, a batch larger than the data, options that contradict themselves. <see cref="ErrorCode.OutOfHostMemory"/>: a batch larger than memory.</exception>
    public TrainingBatches(DatasetSplit split, ImageInput input, TrainingBatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(options);
        Preprocessor.DemandConsistent(input);
        options.Augmentation.Demand();
        BatchLimits.DemandPositive(options);
        if (split.Count == 0) throw new VkInceptionException(ErrorCode.InvalidArgument, "there are no images to train with");
        if (options.BatchSize > split.Count)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"a batch of {options.BatchSize} is larger than the {split.Count} training images; at most {split.Count} would fit");

        BatchesPerEpoch = split.Count / options.BatchSize;
        if (options.StartEpoch is < 0 or > MaxEpoch || options.StartBatch < 0 || options.StartBatch > BatchesPerEpoch)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"training cannot start at batch {options.StartBatch} of epoch {options.StartEpoch}; an epoch of {split.Count} images has {BatchesPerEpoch} batches of {options.BatchSize}");
        this.split = split;
        queue = new BatchQueue(new Source(split, input, options, BatchesPerEpoch), options, Preprocessor.ElementCount(input));
    }

    /// <summary>Batches of an epoch.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>How long <see cref="Next"/> has waited for images, in all.</summary>
    public TimeSpan TimeWaited => queue.Waited;

    /// <summary>The next batch.</summary>
    /// <exception cref="VkInceptionException">As <see cref="DatasetSplit.Read"/>, when an image cannot be read and that is an error, or none can.</exception>
    /// <exception cref="OperationCanceledException">When cancelled; the next call goes on where this one was.</exception>
    public LabelledBatch Next(CancellationToken cancel = default)
        => queue.Next(split.Label, cancel) ?? throw new VkInceptionException(ErrorCode.InvalidArgument, $"training for more than {MaxEpoch} epochs is not possible");

    /// <summary>Stops the worker threads.</summary>
    public void Dispose() => queue.Dispose();

    private sealed class Source : IBatchSource
    {
        private readonly DatasetSplit split;
        private readonly ImageInput input;
        private readonly TrainingBatchOptions options;
        private readonly int batches;
        private readonly int[] order;
        private int epoch, index;

        public Source(DatasetSplit split, ImageInput input, TrainingBatchOptions options, int batches)
        {
            (this.split, this.input, this.options, this.batches) = (split, input, options, batches);
            (epoch, index) = (options.StartEpoch, options.StartBatch);
            order = new int[split.Count];
            Shuffle();
        }

        public BatchPlan? Next()
        {
            if (index == batches)
            {
                (epoch, index) = (epoch + 1, 0);
                Shuffle();
            }
            if (epoch > MaxEpoch) return null;
            return new BatchPlan(epoch, index, order.AsSpan(index++ * options.BatchSize, options.BatchSize).ToArray());
        }

        public IImageFiller NewFiller() => new Filler(split, new Augmenter(input, options.Augmentation), options);

        private void Shuffle()
        {
            for (int i = 0; i < order.Length; i++) order[i] = i;
            if (options.Shuffle) new PhiloxStream(options.Seed, RandomStreams.Order(epoch)).Shuffle(order.AsSpan());
        }
    }

    private sealed class Filler(DatasetSplit split, Augmenter augmenter, TrainingBatchOptions options) : IImageFiller
    {
        // Beyond this the folder is gone, not a file.
        private const int MostSubstitutes = 1000;

        public int Fill(BatchPlan plan, int position, Span<float> destination, List<PhotoFailure> failures)
        {
            int index = plan.Images[position];
            for (int tried = 1; ; tried++)
            {
                try
                {
                    augmenter.Write(split.Read(index), new PhiloxStream(options.Seed, RandomStreams.Image(plan.Epoch, index)), destination);
                    return index;
                }
                catch (VkInceptionException e) when (options.Unreadable == UnreadablePolicy.Skip && e.Code != ErrorCode.OutOfHostMemory)
                {
                    failures.Add(new PhotoFailure(index, split.Name(index), e));
                    if (tried == Math.Min(split.Count, MostSubstitutes))
                        throw new VkInceptionException(e.Code, $"{tried} training images one after another cannot be read; the last: {e.Message}", e);
                    index = (index + 1) % split.Count;
                }
            }
        }
    }
}
