using System.Text;
using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Tests.Weights;
using VkInception.Training;

namespace VkInception.Tests.Training;

public class TensorBoardFileTests
{
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-events-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    private string[] Files() => [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];

    // RFC 3720, appendix B.4, and the check value of the CRC catalogue.
    [TestCase("zeros", 0x8a9136aau)]
    [TestCase("ones", 0x62a8ab43u)]
    [TestCase("up", 0x46dd794eu)]
    [TestCase("down", 0x113fdb5cu)]
    [TestCase("digits", 0xe3069283u)]
    public void TheChecksumIsCastagnolis(string what, uint expected)
    {
        byte[] bytes = what switch
        {
            "zeros" => new byte[32],
            "ones" => [.. Enumerable.Repeat((byte)255, 32)],
            "up" => [.. Enumerable.Range(0, 32).Select(i => (byte)i)],
            "down" => [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))],
            _ => Encoding.ASCII.GetBytes("123456789"),
        };
        Assert.That(TfRecord.Crc32C(bytes), Is.EqualTo(expected));
    }

    [Test]
    public void AnIndependentReaderFindsWhatWasWritten()
    {
        var picture = Picture.Of(2, 1, [255, 0, 0, 0, 0, 255]);
        using (TensorBoardFile file = TensorBoardFile.Create(folder, Records.Time))
        {
            Assert.That(file.Add(Records.Step(300)).Saved);
            Assert.That(file.Add(Records.Epoch(31)).Saved);
            Assert.That(file.Add("filters/conv1", 310, picture, Records.Time).Saved);
        }

        string path = Files().Single();
        Assert.That(Path.GetFileName(path), Is.EqualTo("events.out.tfevents.1740830400.vkinception"));
        List<ReadEvent> events = EventFile.Read(path);
        Assert.Multiple(() =>
        {
            Assert.That(events[0], Has.Property("FileVersion").EqualTo("brain.Event:2").And.Property("WallTime").EqualTo(1740830400.25));
            Assert.That(events[1].Step, Is.EqualTo(300));
            Assert.That(events[1].WallTime, Is.EqualTo(1740830700.25));
            Assert.That(events[1].Scalars, Is.EquivalentTo(new Dictionary<string, float>
            {
                ["train/loss"] = 1f / 300,
                ["train/loss/loss1"] = 2.5f,
                ["train/accuracy"] = 0.5f,
                ["train/learning_rate"] = 0.01f,
                ["train/images_per_second"] = 123.4f,
                ["train/gradient_norm"] = 3.25f,
                ["train/loss_scale"] = 1024,
                ["train/wait_share"] = 0.125f,
            }));
            Assert.That(events[2].Step, Is.EqualTo(310));
            Assert.That(events[2].Scalars["evaluation/top1"], Is.EqualTo(0.8f));
            Assert.That(events[3].Images.Single(), Is.EqualTo(("filters/conv1", 1L, 2L, picture.Png)).Using<(string, long, long, byte[])>((a, b) => a.Item1 == b.Item1 && a.Item2 == b.Item2 && a.Item3 == b.Item3 && a.Item4.SequenceEqual(b.Item4)));
            Assert.That(events, Has.Count.EqualTo(4));
        });
    }

    [Test]
    public void WhatWasNotMeasuredIsNotThere()
    {
        using (TensorBoardFile file = TensorBoardFile.Create(folder))
            file.Add(new StepRecord(1, 1, double.NaN, 0, 0, 0));

        ReadEvent step = EventFile.Read(Files().Single())[1];
        Assert.That(step.Scalars.Keys, Is.EquivalentTo(new[] { "train/loss", "train/accuracy", "train/learning_rate", "train/images_per_second" }));
        Assert.That(step.Scalars["train/loss"], Is.NaN);
    }

    [Test]
    public void AResumedRunGoesOnInALaterFileThatTakesTheRestBack()
    {
        TensorBoardFile.Create(folder, Records.Time).Dispose();
        TensorBoardFile.Resume(folder, 40, Records.Time).Dispose();
        TensorBoardFile.Resume(folder, 50, Records.Time).Dispose();

        string[] files = Files();
        Assert.That(files, Has.Length.EqualTo(3));
        List<ReadEvent> last = EventFile.Read(files[2]);
        Assert.That(EventFile.Read(files[1])[1], Has.Property("SessionStatus").EqualTo(1).And.Property("Step").EqualTo(41));
        Assert.That(last[1], Has.Property("SessionStatus").EqualTo(1).And.Property("Step").EqualTo(51));

        TensorBoardFile.Create(folder, Records.Time).Dispose();
        Assert.That(Files(), Has.Length.EqualTo(1), "a new run starts with a file of its own");
    }

    [Test]
    public void AFullDiskIsToldAndLeavesWholeRecords()
    {
        using TinyDisk disk = TinyDisk.Mount(folder, kilobytes: 16);
        using TensorBoardFile file = TensorBoardFile.Create(disk.Path, Records.Time);
        string? problem = null;
        int written = 0;
        for (int step = 1; step <= 1000 && problem is null; step++, written++)
            problem = file.Add(Records.Step(step)).Problem;

        Assert.That(problem, Does.Contain("No space left").And.Contain("events.out"));
        // What found no room is taken back; something smaller may still fit, and follows whole records.
        bool fits = file.Add(new EpochRecord(1, 1, 0, 0, 0, 0, 0)).Saved;
        Assert.That(EventFile.Read(Directory.GetFiles(disk.Path).Single()), Has.Count.EqualTo(written + (fits ? 1 : 0)));
    }

    [Test]
    public void AMissingFolderIsOneLine() =>
        Assert.That(() => TensorBoardFile.Resume(Path.Combine(folder, "absent"), 1), Refuses.With(ErrorCode.InputOutput, "absent"));

    [TestCase(3, ChannelOrder.Rgb)]
    [TestCase(3, ChannelOrder.Bgr)]
    [TestCase(1, ChannelOrder.Gray)]
    public void FiltersAreDrawnInTheirColours(int channels, ChannelOrder order)
    {
        // Filter 0: its first channel is high and the others low; filter 1 is flat.
        var weights = new float[2 * channels * 49];
        weights.AsSpan(0, 49).Fill(1);
        if (channels == 1)
            weights[0] = -1;
        Picture picture = FilterPicture.Draw(weights, 2, channels, 7, 7, order);
        string path = Path.Combine(folder, "filters.png");
        File.WriteAllBytes(path, picture.Png);
        Photo photo = Photo.Load(path);

        Assert.That((photo.Width, photo.Height), Is.EqualTo((2 + 2 * 44, 46)).And.EqualTo((picture.Width, picture.Height)));
        byte[] expected = (channels, order) switch { (3, ChannelOrder.Rgb) => [255, 0, 0], (3, _) => [0, 0, 255], _ => [255, 255, 255] };
        Assert.That(Pixel(20, 20), Is.EqualTo(expected));
        Assert.That(Pixel(2, 2), Is.EqualTo(channels == 1 ? new byte[] { 0, 0, 0 } : expected));
        Assert.That(Pixel(66, 20), Is.EqualTo(new byte[] { 128, 128, 128 }), "a flat filter is gray");
        Assert.That(Pixel(0, 0), Is.EqualTo(new byte[] { 128, 128, 128 }), "between filters");

        byte[] Pixel(int x, int y) => photo.Pixels.Slice(3 * (y * photo.Width + x), 3).ToArray();
    }

    [Test]
    public void FiltersOfAnotherShapeAreRefused() =>
        Assert.That(() => FilterPicture.Draw(new float[10], 2, 3, 7, 7), Refuses.With(ErrorCode.ShapeMismatch, "2x3x7x7"));
}
