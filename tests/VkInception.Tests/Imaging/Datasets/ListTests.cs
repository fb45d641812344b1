using NUnit.Framework;
using VkInception.Imaging.Datasets;
using static VkInception.Tests.Imaging.Datasets.DatasetSamples;

namespace VkInception.Tests.Imaging.Datasets;

[TestFixture]
public sealed class ListTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        folder = new TemporaryFolder();
        Pictures(folder, "a.png", "sub/my photo.jpg");
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Numbers_are_labels()
    {
        var data = Dataset.Open(List("a.png 1\r\n\nsub/my photo.jpg\t0\n"));
        Assert.That(data.Format, Is.EqualTo(DatasetFormat.List));
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "0", "1" }));
        Assert.That((data.Training.Label(0), data.Training.Label(1)), Is.EqualTo((1, 0)));
        Assert.That(data.Training.Name(1), Is.EqualTo(folder.PathOf("sub/my photo.jpg")));
        Assert.That(data.Validate().Unreadable, Is.Empty);
    }

    [Test]
    public void Names_are_classes_in_ordinal_order()
    {
        var data = Dataset.Open(List("a.png\tb c\nsub/my photo.jpg Z\na.png\t7\n"));
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "7", "Z", "b c" }));
        Assert.That(Enumerable.Range(0, 3).Select(data.Training.Label), Is.EqualTo(new[] { 2, 1, 0 }));
    }

    [Test]
    public void Names_beside_go_before()
    {
        File.WriteAllText(folder.PathOf("labels.txt"), "dog\ncat\n");
        var data = Dataset.Open(List("a.png cat\na.png 0"));
        Assert.That((data.ClassNames[0], data.Training.Label(0), data.Training.Label(1)), Is.EqualTo(("dog", 1, 0)));
        Assert.That(Refused(ErrorCode.FileDamaged, List("a.png cat\na.png 2")), Does.Contain("line 2").And.Contain("out of range (0 to 1)"));
        Assert.That(Refused(ErrorCode.FileDamaged, List("a.png cat\na.png cow")), Does.Contain("'cow'").And.Contain("none of the 2 classes"));
    }

    [Test]
    public void A_second_list_is_for_evaluation()
    {
        string list = List("a.png x\na.png y"), evaluation = folder.PathOf("sub/val.txt");
        File.WriteAllText(evaluation, "my photo.jpg y\n");
        var data = Dataset.Open(list, new DatasetOptions { EvaluationList = evaluation });
        Assert.That((data.Evaluation!.Count, data.Evaluation.Label(0), data.Evaluation.Name(0)), Is.EqualTo((1, 1, folder.PathOf("sub/my photo.jpg"))));
        File.WriteAllText(evaluation, "my photo.jpg y\n\nmy photo.jpg z\n");
        Assert.That(Refused(ErrorCode.FileDamaged, list, new DatasetOptions { EvaluationList = evaluation }), Does.Contain("line 3 has the label 'z'"));
        Assert.That(Dataset.Open(list, new DatasetOptions { EvaluationList = evaluation, EvaluationOnly = true }).ClassNames, Is.EqualTo(new[] { "y", "z" }));
    }

    [TestCase("a.png 0\na.png 4000000000", "out of range", Description = "beyond int: a name among names is no number")]
    public void Labels_beyond_any_number_are_names(string content, string _)
        => Assert.That(Dataset.Open(List(content)).ClassNames, Is.EqualTo(new[] { "0", "4000000000" }));

    [Test]
    public void What_is_no_list_is_refused()
    {
        Assert.That(Refused(ErrorCode.FileDamaged, List("a.png 0\na.png 70000")), Does.Contain("line 2").And.Contain("out of range"));
        Assert.That(Refused(ErrorCode.FileDamaged, List("a.png 0\nalone\n")), Does.Contain("line 2 is not a path"));
        Assert.That(Refused(ErrorCode.FileDamaged, List("\n \n")), Does.Contain("no images"));
        Assert.That(Refused(ErrorCode.InvalidArgument, List("a.png 0\na.png 0")), Does.Contain("only one class"));
        Assert.That(Refused(ErrorCode.InvalidArgument, List("a.png 0\na.png 2")), Does.Contain("class 1 ('1') has no images"));
        Refused(ErrorCode.FileDamaged, List(""));
        Assert.That(Refused(ErrorCode.FileDamaged, folder.PathOf("a.png")), Does.Contain("is not a list file"));
        File.WriteAllBytes(folder.PathOf("list.txt"), [0x61, 0xC3, 0x28, 0x20, 0x30]);
        Assert.That(Refused(ErrorCode.FileDamaged, folder.PathOf("list.txt")), Does.Contain("UTF-8"));
        Refused(ErrorCode.FileNotFound, folder.PathOf("list.txt"), new DatasetOptions { EvaluationList = folder.PathOf("none") });
        Assert.That(Refused(ErrorCode.FileNotFound, folder.Path + "\0"), Does.Contain("no such"));
    }

    [Test]
    public void Missing_files_are_listed()
    {
        DatasetReport report = Dataset.Open(List("a.png 0\nnone.png 1\nsub 1\n../a\u0001b 0")).Validate();
        Assert.That(report.Unreadable.Select(bad => bad.Index), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(report.Unreadable.Select(bad => bad.Error.Code), Is.All.EqualTo(ErrorCode.FileNotFound));
    }

    private string List(string content)
    {
        string path = folder.PathOf("list.txt");
        File.WriteAllText(path, content);
        return path;
    }
}
