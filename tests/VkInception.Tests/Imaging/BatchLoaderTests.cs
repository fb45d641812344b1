using NUnit.Framework;
using VkInception.Imaging;

namespace VkInception.Tests.Imaging;

[TestFixture]
public sealed class BatchLoaderTests
{
    private static readonly ImageInput tiny = ImageInput.Torchvision with { Width = 14, Height = 14, ResizeTo = 16 };

    private static readonly string[] paths =
        [PhotoSamples.PathOf("rgb.png"), PhotoSamples.PathOf("missing.png"), PhotoSamples.PathOf("gray.jpg"), PhotoSamples.PathOf("make_golden.py"), PhotoSamples.PathOf("rgb.bmp")];

    [Test]
    public void Files_that_fail_are_named_and_the_others_are_packed([Values(0, 1, 3)] int threads)
    {
        PhotoBatch batch = BatchLoader.Load(paths, tiny, threads);
        Assert.That(batch.Indices, Is.EqualTo(new[] { 0, 2, 4 }));
        Assert.That(batch.Failures.Select(failure => failure.Index), Is.EqualTo(new[] { 1, 3 }));
        Assert.That(batch.Failures.Select(failure => failure.Error.Code), Is.EqualTo(new[] { ErrorCode.FileNotFound, ErrorCode.UnsupportedFormat }));
        Assert.That(batch.Tensor.Length, Is.EqualTo(3 * 3 * 14 * 14));
        for (int i = 0; i < batch.Count; i++)
            Assert.That(batch.Tensor.Slice(i * 588, 588).ToArray(), Is.EqualTo(Alone(paths[batch.Indices[i]])));
    }

    [Test]
    public void An_empty_list_gives_an_empty_batch()
    {
        PhotoBatch batch = BatchLoader.Load([], tiny);
        Assert.That((batch.Count, batch.Tensor.Length, batch.Failures.Count), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Ten_crops_of_a_photo_follow_one_another()
    {
        PhotoBatch batch = BatchLoader.Load(paths, tiny, crops: 10);
        Assert.That((batch.Count, batch.Crops, batch.Tensor.Length), Is.EqualTo((3, 10, 30 * 588)));
        var photo = Photo.Load(paths[2]);
        var expected = new float[588];
        Preprocessor.Run(photo, tiny, CropPlan.Create(10, photo.Width, photo.Height, tiny)[7], expected);
        Assert.That(batch.Tensor.Slice(17 * 588, 588).ToArray(), Is.EqualTo(expected));
        Assert.That(Assert.Throws<VkInceptionException>(() => BatchLoader.Load(paths, tiny, crops: 3))!.Code, Is.EqualTo(ErrorCode.InvalidArgument));
    }

    [Test]
    public async Task Batches_cover_the_list_in_order()
    {
        var indices = new List<int>();
        var failed = new List<int>();
        var counts = new List<int>();
        await foreach (PhotoBatch batch in BatchLoader.LoadBatchesAsync(paths, tiny, batchSize: 2))
        {
            for (int i = 0; i < batch.Count; i++)
                Assert.That(batch.Tensor.Slice(i * 588, 588).ToArray(), Is.EqualTo(Alone(paths[batch.Indices[i]])));
            indices.AddRange(batch.Indices);
            failed.AddRange(batch.Failures.Select(failure => failure.Index));
            counts.Add(batch.Count);
        }
        Assert.That(indices, Is.EqualTo(new[] { 0, 2, 4 }));
        Assert.That(failed, Is.EqualTo(new[] { 1, 3 }));
        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 1 }));
    }

    [Test]
    public void Cancelling_stops_the_load()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Catch<OperationCanceledException>(() => BatchLoader.Load(paths, tiny, cancellationToken: cancelled.Token));
        Assert.CatchAsync<OperationCanceledException>(async () =>
        {
            await foreach (PhotoBatch batch in BatchLoader.LoadBatchesAsync(paths, tiny, 1, cancellationToken: cancelled.Token)) Assert.Fail($"{batch.Count} images");
        });
    }

    [Test]
    public async Task Leaving_early_ends_the_prefetch()
    {
        var decoder = new CountingDecoder();
        var options = new PhotoOptions { Decoder = decoder };
        string[] many = Enumerable.Repeat(paths[0], 50).ToArray();
        await foreach (PhotoBatch batch in BatchLoader.LoadBatchesAsync(many, tiny, 1, options: options))
        {
            Assert.That(batch.Count, Is.EqualTo(1));
            break;
        }
        int after = decoder.Count;
        await Task.Delay(50);
        Assert.That((decoder.Count, after <= 2), Is.EqualTo((after, true)));
    }

    [Test]
    public void An_impossible_batch_is_refused()
    {
        Assert.That(Assert.Throws<VkInceptionException>(() => BatchLoader.Load(new string[20_000], ImageInput.Torchvision))!.Code, Is.EqualTo(ErrorCode.InvalidArgument));
        Assert.That(Assert.Throws<VkInceptionException>(() => BatchLoader.Load(paths, tiny with { Mean = [] }))!.Code, Is.EqualTo(ErrorCode.InvalidArgument));
    }

    private static float[] Alone(string path)
    {
        var values = new float[Preprocessor.ElementCount(tiny)];
        Preprocessor.Run(Photo.Load(path), tiny, values);
        return values;
    }

    private sealed class CountingDecoder : IImageDecoder
    {
        private readonly PixbufDecoder decoder = new();
        private int count;

        public int Count => Volatile.Read(ref count);

        public Photo Decode(ReadOnlySpan<byte> file, in ImageHeader header, string name)
        {
            Interlocked.Increment(ref count);
            return decoder.Decode(file, header, name);
        }
    }
}
