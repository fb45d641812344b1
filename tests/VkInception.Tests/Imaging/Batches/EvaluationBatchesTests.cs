using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Imaging.Batches;
using VkInception.Imaging.Datasets;
using VkInception.Tests.Imaging.Datasets;

namespace VkInception.Tests.Imaging.Batches;

[TestFixture]
public sealed class EvaluationBatchesTests
{
    private const int Elements = 3 * 8 * 8;

    private static readonly ImageInput input = ImageInput.Bvlc.ScaledTo(8, 8);

    private TemporaryFolder folder = null!;
    private string[] paths = null!;

    [SetUp]
    public void MakeData()
    {
        folder = new TemporaryFolder();
        paths = DatasetSamples.ClassFolder(folder, "", classes: 2, images: 5);
    }

    [TearDown]
    public void RemoveData() => folder.Dispose();

    [Test]
    public void Images_come_once_in_order_as_the_reference_sees_them([Values(1, 2, 5)] int threads, [Values(1, 10)] int crops)
    {
        DatasetSplit split = Split();
        using var batches = new EvaluationBatches(split, input, new BatchOptions { BatchSize = 4, Threads = threads }, crops);
        Assert.That((batches.BatchCount, batches.Crops), Is.EqualTo((3, crops)));
        for (int batch = 0; batch < 3; batch++)
        {
            using LabelledBatch found = batches.Next()!;
            Assert.That((found.Index, found.Count, found.Images.Length), Is.EqualTo((batch, batch == 2 ? 2 : 4, 4 * crops * Elements)));
            for (int i = 0; i < found.Count; i++)
            {
                int index = batch * 4 + i;
                Photo photo = split.Read(index);
                Assert.That((found.Indices[i], found.Labels[i]), Is.EqualTo((index, index / 5)));
                for (int crop = 0; crop < crops; crop++)
                {
                    var expected = new float[Elements];
                    Preprocessor.Run(photo, input, CropPlan.Create(crops, photo.Width, photo.Height, input)[crop], expected);
                    Assert.That(found.Images.AsSpan((i * crops + crop) * Elements, Elements).SequenceEqual(expected), Is.True);
                }
            }
            Assert.That(found.Images[(found.Count * crops * Elements)..], Is.All.Zero);
            Assert.That(found.Labels[found.Count..], Is.All.EqualTo(-1));
        }
        Assert.That(batches.Next(), Is.Null);
        Assert.That(batches.Next(), Is.Null);
    }

    [Test]
    public void A_photo_no_larger_than_the_input_is_resized_whole()
    {
        ImageInput large = ImageInput.Torchvision.ScaledTo(20, 24);
        DatasetSplit split = Split();
        using var batches = new EvaluationBatches(split, large, new BatchOptions { BatchSize = 1 });
        using LabelledBatch found = batches.Next()!;
        var expected = new float[3 * 20 * 24];
        Preprocessor.Run(split.Read(0).Resize(20, 24), large, new CropView(20, 24, new CropBox(0, 0, 20, 24)), expected);
        Assert.That(found.Images, Is.EqualTo(expected));
    }

    [Test]
    public void A_vanished_file_is_left_out_or_fatal()
    {
        DatasetSplit split = Split();
        File.Delete(paths[1]);
        using (var batches = new EvaluationBatches(split, input, new BatchOptions { BatchSize = 4, Unreadable = UnreadablePolicy.Skip }))
        {
            using LabelledBatch found = batches.Next()!;
            Assert.That(found.Indices, Is.EqualTo(new[] { 0, 2, 3, -1 }));
            Assert.That((found.Count, found.Failures[0].Path), Is.EqualTo((3, paths[1])));
            var expected = new float[Elements];
            Preprocessor.Run(split.Read(2), input, expected);
            Assert.That(found.Images.AsSpan(Elements, Elements).SequenceEqual(expected), Is.True);
            Assert.That(found.Images[(3 * Elements)..], Is.All.Zero);
        }
        using var strict = new EvaluationBatches(split, input, new BatchOptions { BatchSize = 4 });
        Assert.That(DatasetSamples.Refused(ErrorCode.FileNotFound, () => strict.Next()), Does.Contain(paths[1]));
    }

    [Test]
    public void Inputs_keep_their_geometry_at_another_size()
    {
        Assert.That(ImageInput.Torchvision.ScaledTo(64, 64).ResizeTo, Is.EqualTo(73));
        Assert.That(ImageInput.Torchvision.ScaledTo(224, 224), Is.SameAs(ImageInput.Torchvision));
        Assert.That(ImageInput.Torchvision.ScaledTo(448, 224).ResizeTo, Is.EqualTo(512));
        Assert.That((ImageInput.Bvlc with { ResizeTo = 224 }).ScaledTo(31, 17).ResizeTo, Is.EqualTo(31));
        DatasetSamples.Refused(ErrorCode.InvalidArgument, () => ImageInput.Bvlc.ScaledTo(0, 8));
        DatasetSamples.Refused(ErrorCode.InvalidArgument, () => ImageInput.Bvlc.ScaledTo(8, int.MaxValue));
    }

    private DatasetSplit Split() => Dataset.Open(folder.Path, new DatasetOptions { EvaluationOnly = true }).Evaluation!;
}
