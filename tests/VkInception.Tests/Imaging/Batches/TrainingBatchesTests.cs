using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Imaging.Augmentation;
using VkInception.Imaging.Batches;
using VkInception.Imaging.Datasets;
using VkInception.Tests.Imaging.Datasets;

namespace VkInception.Tests.Imaging.Batches;

[TestFixture]
public sealed class TrainingBatchesTests
{
    private static readonly ImageInput input = ImageInput.Torchvision.ScaledTo(16, 16);

    private static readonly TrainingBatchOptions options = new()
    {
        BatchSize = 7,
        Seed = 42,
        Threads = 2,
        Augmentation = AugmentationOptions.GoogLeNet with { Lighting = 0.1f },
    };

    private TemporaryFolder folder = null!;
    private string[] paths = null!;
    private DatasetSplit split = null!;

    [SetUp]
    public void MakeData()
    {
        folder = new TemporaryFolder();
        paths = DatasetSamples.ClassFolder(folder, "", classes: 3, images: 10);
        split = Dataset.Open(folder.Path, new DatasetOptions { CacheBytes = 0 }).Training;
    }

    [TearDown]
    public void RemoveData() => folder.Dispose();

    [Test]
    public void Batches_are_the_same_whatever_the_threads_and_the_queue()
    {
        List<Copy> reference = Take(9, options with { Threads = 1, QueueDepth = 1 });
        foreach (int threads in new[] { 1, 2, 5 })
        {
            foreach (int depth in new[] { 1, 3 }) AssertEqual(Take(9, options with { Threads = threads, QueueDepth = depth }), reference);
        }
        Assert.That(Take(1, options with { Seed = 43 })[0].Images, Is.Not.EqualTo(reference[0].Images));
    }

    [Test]
    public void Any_start_gives_what_the_uninterrupted_run_gave()
    {
        List<Copy> whole = Take(13, options);
        for (int done = 0; done <= 8; done++)
            AssertEqual(Take(13 - done, options with { StartEpoch = done / 4, StartBatch = done % 4 }), whole[done..]);
        AssertEqual(Take(3, options with { StartEpoch = 0, StartBatch = 4 }), whole[4..7]);
    }

    [Test]
    public void An_epoch_shows_images_once_and_leaves_the_partial_batch_out()
    {
        List<Copy> batches = Take(8, options);
        Assert.That(batches.Select(batch => (batch.Epoch, batch.Index)), Is.EqualTo(Enumerable.Range(0, 8).Select(i => (i / 4, i % 4))));
        foreach (IGrouping<int, Copy> epoch in batches.GroupBy(batch => batch.Epoch))
            Assert.That(epoch.SelectMany(batch => batch.Indices), Is.Unique.And.Exactly(28).Items.And.All.InRange(0, 29));
        List<Copy> first = batches[..4], second = batches[4..];
        Assert.That(first.SelectMany(batch => batch.Indices), Is.Not.EqualTo(second.SelectMany(batch => batch.Indices)));
        foreach (Copy batch in batches) Assert.That(batch.Labels, Is.EqualTo(batch.Indices.Select(index => index / 10)));
    }

    [Test]
    public void Without_shuffle_and_augmentation_images_are_those_of_evaluation_in_order()
    {
        List<Copy> batches = Take(4, options with { Shuffle = false, Augmentation = AugmentationOptions.None });
        Assert.That(batches.SelectMany(batch => batch.Indices), Is.EqualTo(Enumerable.Range(0, 28)));
        for (int i = 0; i < 28; i++)
        {
            var expected = new float[768];
            Preprocessor.Run(split.Read(i), input, new CropView(16, 16, new CropBox(0, 0, 16, 16)), expected);
            Assert.That(batches[i / 7].Images[(i % 7 * 768)..(i % 7 * 768 + 768)], Is.EqualTo(expected));
        }
    }

    [Test]
    public void Memory_is_used_again_after_a_batch_is_disposed()
    {
        using var batches = new TrainingBatches(split, input, options with { QueueDepth = 2 });
        var seen = new HashSet<float[]>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < 40; i++)
        {
            LabelledBatch batch = batches.Next();
            seen.Add(batch.Images);
            batch.Dispose();
            batch.Dispose();
            Assert.Throws<ObjectDisposedException>(() => _ = batch.Images);
        }
        Assert.That(seen, Has.Count.LessThanOrEqualTo(4));
        Assert.That(batches.TimeWaited, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void A_vanished_file_is_replaced_by_the_next_and_named([Values(1, 5)] int threads)
    {
        File.Delete(paths[4]);
        File.Delete(paths[5]);
        List<Copy> batches = Take(8, options with { Threads = threads, Unreadable = UnreadablePolicy.Skip });
        List<Copy> reference = Take(8, options with { Threads = 2, Unreadable = UnreadablePolicy.Skip });
        AssertEqual(batches, reference);
        Assert.That(batches.SelectMany(batch => batch.Indices), Has.No.Member(4).And.No.Member(5));
        PhotoFailure[] failures = [.. batches.SelectMany(batch => batch.Failures)];
        Assert.That(failures.Select(failure => failure.Path).Distinct(), Is.EquivalentTo(paths[4..6]));
        Assert.That(failures.Select(failure => failure.Error.Code), Is.All.EqualTo(ErrorCode.FileNotFound));
    }

    [Test]
    public void A_vanished_file_stops_at_its_own_batch_where_it_is_fatal([Values(1, 2, 5)] int threads)
    {
        List<Copy> sound = Take(4, options);
        const int Batch = 2;
        File.Delete(paths[sound[Batch].Indices[3]]);
        File.Delete(paths[sound[Batch].Indices[6]]);
        using var batches = new TrainingBatches(split, input, options with { Threads = threads });
        for (int i = 0; i < Batch; i++) batches.Next().Dispose();
        for (int again = 0; again < 2; again++)
            Assert.That(DatasetSamples.Refused(ErrorCode.FileNotFound, () => batches.Next()), Does.Contain(paths[sound[Batch].Indices[3]]));
    }

    [Test]
    public void When_nothing_is_left_training_stops()
    {
        using var batches = new TrainingBatches(split, input, options with { Unreadable = UnreadablePolicy.Skip, QueueDepth = 1 });
        batches.Next().Dispose();
        Directory.Delete(folder.PathOf("class0"), true);
        Directory.Delete(folder.PathOf("class1"), true);
        Directory.Delete(folder.PathOf("class2"), true);
        Assert.That(DatasetSamples.Refused(ErrorCode.FileNotFound, () => { for (int i = 0; i < 10; i++) batches.Next().Dispose(); }), Does.Contain("30 training images"));
    }

    [Test]
    public void What_does_not_fit_is_refused_with_what_would()
    {
        Assert.That(Refusal(split, options with { BatchSize = 31 }, ErrorCode.InvalidArgument), Does.Contain("at most 30 would fit"));
        Assert.That(Refusal(split, options with { BatchSize = 0 }, ErrorCode.InvalidArgument), Does.Contain("batch size of 0"));
        Assert.That(Refusal(split, options with { StartBatch = 5 }, ErrorCode.InvalidArgument), Does.Contain("has 4 batches of 7"));
        Refusal(split, options with { StartEpoch = -1 }, ErrorCode.InvalidArgument);
        Refusal(split, options with { Threads = -1 }, ErrorCode.InvalidArgument);
        Refusal(split, options with { QueueDepth = 0 }, ErrorCode.InvalidArgument);
        Refusal(split, options with { Augmentation = AugmentationOptions.GoogLeNet with { MinArea = 2 } }, ErrorCode.InvalidArgument);
        Refusal(Dataset.Open(folder.Path, new DatasetOptions { EvaluationOnly = true }).Training, options, ErrorCode.InvalidArgument);
        ImageInput huge = ImageInput.Torchvision.ScaledTo(20_000, 20_000);
        string message = DatasetSamples.Refused(ErrorCode.OutOfHostMemory, () => new TrainingBatches(split, huge, options with { BatchSize = 30 }).Dispose());
        Assert.That(message, Does.Match("at most [0-9]+ images would fit"));
    }

    [Test]
    public void Waiting_can_be_cancelled_and_goes_on()
    {
        var decoder = new WaitingDecoder();
        DatasetSplit slow = Dataset.Open(folder.Path, new DatasetOptions { Photos = new PhotoOptions { Decoder = decoder } }).Training;
        using var batches = new TrainingBatches(slow, input, options);
        using var cancel = new CancellationTokenSource(50);
        Assert.Catch<OperationCanceledException>(() => batches.Next(cancel.Token));
        decoder.Go.Set();
        AssertEqual([new Copy(batches.Next())], Take(1, options));
    }

    [Test]
    public void Disposing_ends_the_threads()
    {
        var batches = new TrainingBatches(split, input, options with { Threads = 5 });
        batches.Dispose();
        Assert.Throws<ObjectDisposedException>(() => batches.Next());
    }

    private static string Refusal(DatasetSplit images, TrainingBatchOptions given, ErrorCode code)
        => DatasetSamples.Refused(code, () => new TrainingBatches(images, input, given).Dispose());

    private List<Copy> Take(int count, TrainingBatchOptions given)
    {
        using var batches = new TrainingBatches(split, input, given);
        var copies = new List<Copy>();
        for (int i = 0; i < count; i++)
        {
            using LabelledBatch batch = batches.Next();
            copies.Add(new Copy(batch));
        }
        return copies;
    }

    private static void AssertEqual(List<Copy> actual, List<Copy> expected)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        for (int i = 0; i < actual.Count; i++)
        {
            Assert.That((actual[i].Epoch, actual[i].Index), Is.EqualTo((expected[i].Epoch, expected[i].Index)));
            Assert.That(actual[i].Indices, Is.EqualTo(expected[i].Indices));
            Assert.That(actual[i].Labels, Is.EqualTo(expected[i].Labels));
            Assert.That(actual[i].Images.AsSpan().SequenceEqual(expected[i].Images), Is.True, $"images of batch {i}");
            Assert.That(actual[i].Failures.Select(failure => failure.Index), Is.EqualTo(expected[i].Failures.Select(failure => failure.Index)));
        }
    }

    private sealed class Copy(LabelledBatch batch)
    {
        public int Epoch { get; } = batch.Epoch;
        public int Index { get; } = batch.Index;
        public float[] Images { get; } = [.. batch.Images];
        public int[] Labels { get; } = batch.Labels;
        public int[] Indices { get; } = batch.Indices;
        public IReadOnlyList<PhotoFailure> Failures { get; } = batch.Failures;
    }

    private sealed class WaitingDecoder : IImageDecoder
    {
        private readonly PixbufDecoder decoder = new();

        public ManualResetEventSlim Go { get; } = new();

        public Photo Decode(ReadOnlySpan<byte> file, in ImageHeader header, string name)
        {
            Go.Wait();
            return decoder.Decode(file, header, name);
        }
    }
}
