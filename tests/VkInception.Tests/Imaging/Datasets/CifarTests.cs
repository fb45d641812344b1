using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Imaging.Datasets;
using static VkInception.Tests.Imaging.Datasets.DatasetSamples;

namespace VkInception.Tests.Imaging.Datasets;

[TestFixture]
public sealed class CifarTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void WriteData()
    {
        folder = new TemporaryFolder();
        File.WriteAllBytes(folder.PathOf("data_batch_10.bin"), CifarRecords(5, first: 15));
        File.WriteAllBytes(folder.PathOf("data_batch_2.bin"), CifarRecords(15));
        File.WriteAllBytes(folder.PathOf("test_batch.bin"), CifarRecords(3, first: 100));
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Records_become_pictures_and_labels_in_the_order_of_the_files()
    {
        var data = Dataset.Open(folder.Path);
        Assert.That((data.Format, data.Training.Count, data.Evaluation!.Count), Is.EqualTo((DatasetFormat.Cifar10, 20, 3)));
        Assert.That(data.ClassNames, Has.Count.EqualTo(10).And.ItemAt(3).EqualTo("cat"));
        Assert.That(Enumerable.Range(0, 20).Select(data.Training.Label), Is.EqualTo(Enumerable.Range(0, 20).Select(i => i % 10)));
        Photo photo = data.Training.Read(17);
        Assert.That((photo.Width, photo.Height, data.Training.Name(17), data.Training.InMemory), Is.EqualTo((32, 32, "index 17", true)));
        for (int i = 0; i < 3072; i++) Assert.That(photo.Pixels[i], Is.EqualTo(CifarLevel(17, i % 3 * 1024 + i / 3)));
        Assert.That(data.Evaluation.Read(2).Pixels[0], Is.EqualTo(CifarLevel(102, 0)));
        Assert.That(data.Validate().Unreadable, Is.Empty);
    }

    [Test]
    public void Class_names_come_from_the_file_beside()
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"thing {i}")];
        File.WriteAllText(folder.PathOf("batches.meta.txt"), string.Join('\n', names) + "\n\n");
        Assert.That(Dataset.Open(folder.Path).ClassNames, Is.EqualTo(names));
        File.WriteAllText(folder.PathOf("batches.meta.txt"), string.Join('\n', names[1..]));
        Assert.That(Refused(ErrorCode.FileDamaged, folder.Path), Does.Contain("names 9 classes"));
        File.WriteAllText(folder.PathOf("batches.meta.txt"), string.Join('\n', names.Select(_ => "same")));
        Assert.That(Refused(ErrorCode.FileDamaged, folder.Path), Does.Contain("'same' twice"));
        File.WriteAllBytes(folder.PathOf("batches.meta.txt"), [0xFF, 0xFE, 0x41]);
        Refused(ErrorCode.FileDamaged, folder.Path);
    }

    [Test]
    public void The_folder_that_the_archive_unpacks_to_is_found()
    {
        using var outer = new TemporaryFolder();
        string inner = outer.PathOf("cifar-10-batches-bin");
        Directory.CreateDirectory(inner);
        File.WriteAllBytes(Path.Combine(inner, "data_batch_1.bin"), CifarRecords(10));
        Assert.That(Dataset.Open(outer.Path).Training.Count, Is.EqualTo(10));
        Assert.That(Dataset.Open(outer.Path, new DatasetOptions { HeldOut = 0 }).Evaluation, Is.Null);
    }

    [Test]
    public void A_file_cut_anywhere_but_between_records_is_refused()
    {
        byte[] whole = CifarRecords(12);
        string path = folder.PathOf("data_batch_2.bin");
        for (int length = 0; length < whole.Length; length += length % 3073 == 0 || length % 3073 == 3072 ? 1 : 512)
        {
            File.WriteAllBytes(path, whole[..Math.Min(length, whole.Length)]);
            if (length > 0 && length % 3073 == 0) Assert.That(TrainingCountOrRefusal(), Is.EqualTo(length / 3073 + 5).Or.EqualTo(-1));
            else Refused(ErrorCode.FileDamaged, folder.Path);
        }
    }

    [Test]
    public void A_label_out_of_range_is_refused()
    {
        byte[] records = CifarRecords(15);
        records[4 * 3073] = 10;
        File.WriteAllBytes(folder.PathOf("data_batch_2.bin"), records);
        Assert.That(Refused(ErrorCode.FileDamaged, folder.Path), Does.Contain("record 4 has the label 10").And.Contain("out of range (0 to 9)"));
    }

    [Test]
    public void A_class_without_images_is_refused()
    {
        File.Delete(folder.PathOf("data_batch_10.bin"));
        File.WriteAllBytes(folder.PathOf("data_batch_2.bin"), CifarRecords(9));
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path), Does.Contain("class 9 ('truck')"));
        File.Delete(folder.PathOf("data_batch_2.bin"));
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path), Does.Contain("no images to train with"));
        Assert.That(Dataset.Open(folder.Path, new DatasetOptions { EvaluationOnly = true }).Evaluation!.Count, Is.EqualTo(3));
    }

    // A whole number of records is sound as a file, but may lack a class.
    private int TrainingCountOrRefusal()
    {
        try
        {
            return Dataset.Open(folder.Path).Training.Count;
        }
        catch (VkInceptionException e) when (e.Message.Contains("has no images", StringComparison.Ordinal))
        {
            return -1;
        }
    }
}
