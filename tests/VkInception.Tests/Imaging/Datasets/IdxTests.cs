using System.Buffers.Binary;
using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Imaging.Datasets;
using static VkInception.Tests.Imaging.Datasets.DatasetSamples;

namespace VkInception.Tests.Imaging.Datasets;

[TestFixture]
public sealed class IdxTests
{
    private const int Count = 6, Width = 3, Height = 2;

    private static readonly byte[] levels = [.. Enumerable.Range(0, Count * Width * Height).Select(i => (byte)(i * 7))];
    private static readonly byte[] labels = [0, 1, 2, 2, 1, 0];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Gray_images_become_rgb([Values] bool packed)
    {
        Write("train", packed);
        Write("t10k", packed);
        var data = Dataset.Open(folder.Path);
        Assert.That((data.Format, data.Training.Count, data.Evaluation!.Count), Is.EqualTo((DatasetFormat.Idx, Count, Count)));
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "0", "1", "2" }));
        Assert.That(Enumerable.Range(0, Count).Select(data.Training.Label), Is.EqualTo(labels));
        Photo photo = data.Training.Read(4);
        Assert.That((photo.Width, photo.Height, data.Training.Name(4)), Is.EqualTo((Width, Height, "index 4")));
        for (int i = 0; i < photo.Pixels.Length; i++) Assert.That(photo.Pixels[i], Is.EqualTo(levels[4 * Width * Height + i / 3]));
    }

    [Test]
    public void Classes_are_named_by_the_file_beside()
    {
        Write("train");
        File.WriteAllText(folder.PathOf("labels.txt"), "\uFEFFT-shirt/top\r\nTrouser\r\nPullover\r\n");
        var data = Dataset.Open(folder.Path);
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "T-shirt/top", "Trouser", "Pullover" }));
        File.WriteAllText(folder.PathOf("labels.txt"), "a\nb");
        Assert.That(Refused(ErrorCode.FileDamaged, folder.Path), Does.Contain("label 2").And.Contain("out of range (0 to 1"));
        File.WriteAllText(folder.PathOf("labels.txt"), "a\nb\nc\nd");
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path), Does.Contain("'d'"));
    }

    [Test]
    public void Unnamed_classes_are_matched_by_number()
    {
        Write("t10k");
        var data = Dataset.Open(folder.Path, new DatasetOptions { EvaluationOnly = true, ClassNames = ["x", "y", "z", "more"] });
        Assert.That(data.ClassNames[data.Evaluation!.Label(2)], Is.EqualTo("z"));
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path, new DatasetOptions { EvaluationOnly = true, ClassNames = ["x", "y"] }), Does.Contain("none of the 2"));
    }

    [Test]
    public void A_label_that_training_has_not_is_refused()
    {
        Write("train");
        Write("t10k");
        File.WriteAllBytes(folder.PathOf("t10k-labels-idx1-ubyte"), Idx([0, 1, 2, 3, 0, 0], Count));
        Assert.That(Refused(ErrorCode.FileDamaged, folder.Path), Does.Contain("image 3 has the label 3").And.Contain("t10k"));
    }

    [Test]
    public void A_file_cut_at_any_byte_is_refused([Values("train-images-idx3-ubyte", "train-labels-idx1-ubyte")] string name, [Values] bool packed)
    {
        Write("train", packed);
        string path = folder.PathOf(packed ? name + ".gz" : name);
        byte[] whole = File.ReadAllBytes(path);
        Assert.That(Dataset.Open(folder.Path).Count, Is.EqualTo(Count));
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.That(Refused(ErrorCode.FileDamaged, folder.Path), Does.Contain(name), $"{length} bytes");
        }
        File.WriteAllBytes(path, [.. whole, 0]);
        if (!packed) Refused(ErrorCode.FileDamaged, folder.Path);
    }

    [Test]
    public void Any_changed_byte_gives_data_or_one_line([Values] bool packed)
    {
        Write("train", packed);
        string suffix = packed ? ".gz" : "";
        foreach (string name in new[] { "train-images-idx3-ubyte" + suffix, "train-labels-idx1-ubyte" + suffix })
        {
            byte[] whole = File.ReadAllBytes(folder.PathOf(name));
            for (int i = 0; i < whole.Length; i++)
            {
                foreach (byte change in new byte[] { 1, 0x80, 0xFF })
                {
                    byte[] changed = [.. whole];
                    changed[i] ^= change;
                    File.WriteAllBytes(folder.PathOf(name), changed);
                    try
                    {
                        Assert.That(Dataset.Open(folder.Path).Count, Is.EqualTo(Count));
                    }
                    catch (VkInceptionException e)
                    {
                        Assert.That(e.Message, Does.Not.Contain("\n"));
                    }
                }
            }
            File.WriteAllBytes(folder.PathOf(name), whole);
        }
    }

    [Test]
    public void Sizes_that_lie_are_refused_before_memory_is_taken([Values] bool packed)
    {
        Write("train");
        foreach (int[] sizes in new int[][] { [int.MaxValue, 1, 1], [-1, -1, -1], [65536, 65536, 65536], [Count, 0, 3], [0, 2, 3], [50_000_000, 2, 3], [1 << 30, 1, 1] })
        {
            byte[] lie = Idx(levels, sizes);
            File.Delete(folder.PathOf("train-images-idx3-ubyte"));
            File.WriteAllBytes(folder.PathOf(packed ? "train-images-idx3-ubyte.gz" : "train-images-idx3-ubyte"), packed ? Gzip(lie) : lie);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Refused(ErrorCode.FileDamaged, folder.Path);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
        }
    }

    [Test]
    public void A_bomb_is_not_unpacked()
    {
        Write("train", packed: true);
        byte[] bomb = Gzip([.. Idx([], Count, Height, Width), .. new byte[30_000_000]]);
        File.WriteAllBytes(folder.PathOf("train-images-idx3-ubyte.gz"), bomb);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(Refused(ErrorCode.FileDamaged, folder.Path), Does.Contain("holds more than the 36 bytes"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
    }

    /// <summary>Found by the fuzzer: 390 kB that claimed 400 MB, all of it taken before the stream broke off.</summary>
    [Test]
    public void Memory_is_taken_as_elements_come()
    {
        Write("train", packed: true);
        const int Side = 10_000, Seen = 40_000_000;
        byte[] packed = Gzip([.. Idx([], 4, Side, Side), .. new byte[Seen]]);
        File.WriteAllBytes(folder.PathOf("train-images-idx3-ubyte.gz"), [.. packed, .. new byte[400_000]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(Refused(ErrorCode.FileDamaged, folder.Path), Does.Contain($"ends after {Seen} of the {4 * Side * Side} bytes").Or.Contains("cannot be unpacked"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(130_000_000));
    }

    /// <summary>More than what is believed at once.</summary>
    [Test]
    public void A_large_file_is_whole()
    {
        byte[] levels = [.. Enumerable.Range(0, 40_000_000).Select(i => (byte)(i * 7 >> 3))];
        string path = folder.PathOf("large.gz");
        File.WriteAllBytes(path, Gzip(Idx(levels, 40, 1000, 1000)));
        (byte[] content, int first, int[] sizes) = IdxReader.ReadFile(path, 3);
        Assert.That(sizes, Is.EqualTo(new[] { 40, 1000, 1000 }));
        Assert.That(content.AsSpan(first).SequenceEqual(levels), Is.True);
    }

    [Test]
    public void Files_that_do_not_belong_together_are_refused()
    {
        Write("train");
        File.WriteAllBytes(folder.PathOf("train-labels-idx1-ubyte"), Idx(labels[1..], Count - 1));
        Assert.That(Refused(ErrorCode.FileDamaged, folder.Path), Does.Contain("5 labels for the 6 images"));
        File.Delete(folder.PathOf("train-labels-idx1-ubyte"));
        Assert.That(Refused(ErrorCode.FileNotFound, folder.Path), Does.Contain("train-labels-idx1-ubyte"));
        File.WriteAllBytes(folder.PathOf("train-labels-idx1-ubyte"), Idx(levels, Count, Height, Width));
        Assert.That(Refused(ErrorCode.FileDamaged, folder.Path), Does.Contain("begins with 00000803"));
        byte[] floats = Idx(levels, Count, Height, Width);
        BinaryPrimitives.WriteInt32BigEndian(floats, 0x00000D03);
        File.WriteAllBytes(folder.PathOf("train-images-idx3-ubyte"), floats);
        Assert.That(Refused(ErrorCode.FileDamaged, folder.Path), Does.Contain("begins with 00000D03"));
    }

    private void Write(string prefix, bool packed = false)
    {
        byte[] images = Idx(levels, Count, Height, Width), classes = Idx(labels, Count);
        string suffix = packed ? ".gz" : "";
        File.WriteAllBytes(folder.PathOf($"{prefix}-images-idx3-ubyte{suffix}"), packed ? Gzip(images) : images);
        File.WriteAllBytes(folder.PathOf($"{prefix}-labels-idx1-ubyte{suffix}"), packed ? Gzip(classes) : classes);
    }
}
