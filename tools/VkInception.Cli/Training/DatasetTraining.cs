using System.Security.Cryptography;
using System.Text;
using VkInception.Imaging;
using VkInception.Imaging.Augmentation;
using VkInception.Imaging.Batches;
using VkInception.Imaging.Datasets;
using VkInception.Training;

namespace VkInception.Cli.Training;

/// <summary>A data set of the imaging project as the training loop takes it.</summary>
/// <param name="dataset">The images.</param>
/// <param name="input">How they become the network's input.</param>
/// <param name="augmentation">How training images are varied.</param>
/// <param name="seed">Decides order and variation.</param>
/// <param name="threads">Threads that read; 0 takes one per core.</param>
/// <param name="unreadable">What happens to an image that cannot be read.</param>
internal sealed class DatasetTraining(Dataset dataset, ImageInput input, AugmentationOptions augmentation, ulong seed, int threads, UnreadablePolicy unreadable) : ITrainingData
{
    private const int ThumbnailSide = 112;

    private readonly Lazy<string> fingerprint = new(() => FingerprintOf(dataset));

    /// <inheritdoc/>
    public string Name => dataset.Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => dataset.ClassNames;

    /// <inheritdoc/>
    public string Fingerprint => fingerprint.Value;

    /// <inheritdoc/>
    public int TrainingImages => dataset.Training.Count;

    /// <inheritdoc/>
    public int EvaluationImages => dataset.Evaluation?.Count ?? 0;

    /// <inheritdoc/>
    public IBatchStream Train(int batch, int epoch, int first)
    {
        var batches = new TrainingBatches(dataset.Training, input, new TrainingBatchOptions
        {
            BatchSize = batch,
            Threads = threads,
            Unreadable = unreadable,
            Seed = seed,
            Augmentation = augmentation,
            StartEpoch = epoch,
            StartBatch = first,
        });
        return new Stream(batches, cancel => batches.Next(cancel), () => batches.TimeWaited);
    }

    /// <inheritdoc/>
    public IBatchStream Evaluate(int batch) => Evaluate(dataset, [input], batch, 1, threads, unreadable);

    /// <summary>The images of evaluation, so many views of each for every preprocessing.</summary>
    public static IBatchStream Evaluate(Dataset dataset, IReadOnlyList<ImageInput> inputs, int batch, int crops, int threads, UnreadablePolicy unreadable)
    {
        var batches = new EvaluationBatches(dataset.Evaluation!, inputs, new BatchOptions { BatchSize = batch, Threads = threads, Unreadable = unreadable }, crops);
        return new Stream(batches, batches.Next, () => batches.TimeWaited);
    }

    /// <inheritdoc/>
    public string NameOf(int evaluationImage) => dataset.Evaluation!.Name(evaluationImage);

    /// <inheritdoc/>
    public Picture? Thumbnail(int evaluationImage)
    {
        Photo photo = dataset.Evaluation!.Read(evaluationImage);
        return Thumbnails.Of(photo, ThumbnailSide);
    }

    private static string FingerprintOf(Dataset dataset)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (DatasetSplit split in new[] { dataset.Training, dataset.Evaluation }.OfType<DatasetSplit>())
            for (int i = 0; i < split.Count; i++)
                hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{split.SplitName}\n{Path.GetFileName(split.Name(i))}\n{split.Label(i)}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>Batches of the imaging project; the one before is given back when the next is taken.</summary>
    private sealed class Stream(IDisposable batches, Func<CancellationToken, LabelledBatch?> next, Func<TimeSpan> waited) : IBatchStream
    {
        private LabelledBatch? current;

        public TimeSpan Waited => waited();

        public ImageBatch? Next(CancellationToken cancel)
        {
            current?.Dispose();
            current = next(cancel);
            return current is null ? null : new ImageBatch(current.Images, current.Labels, current.Count);
        }

        public void Dispose()
        {
            current?.Dispose();
            batches.Dispose();
        }
    }
}
