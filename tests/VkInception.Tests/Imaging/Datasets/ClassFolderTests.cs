using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Imaging.Datasets;
using static VkInception.Tests.Imaging.Datasets.DatasetSamples;

namespace VkInception.Tests.Imaging.Datasets;

[TestFixture]
public sealed class ClassFolderTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("test")]
    [TestCase("val")]
    [TestCase("valid")]
    [TestCase("validation")]
    public void Splits_classes_and_files_are_found_in_ordinal_order(string evaluation)
    {
        Pictures(folder, "train/b/2.png", "train/b/10.png", "train/B/x.jpg", "train/a/1.JPG", $"{evaluation}/B/e.png", $"{evaluation}/a/f.png", $"{evaluation}/b/g.bmp");
        var data = Dataset.Open(folder.Path);

        Assert.That(data.Format, Is.EqualTo(DatasetFormat.ClassFolders));
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "B", "a", "b" }));
        Assert.That(Names(data.Training), Is.EqualTo(new[] { "x.jpg", "1.JPG", "10.png", "2.png" }));
        Assert.That(Labels(data.Training), Is.EqualTo(new[] { 0, 1, 2, 2 }));
        Assert.That(data.Training.CountPerClass, Is.EqualTo(new[] { 1, 1, 2 }));
        Assert.That(Names(data.Evaluation!), Is.EqualTo(new[] { "e.png", "f.png", "g.bmp" }));
        Assert.That(data.Notices, Is.Empty);
        Assert.That(data.Training.Read(0).Width, Is.EqualTo(29));
    }

    [Test]
    public void Classes_without_a_split_are_all_for_training()
    {
        Pictures(folder, "cat/1.png", "dog/1.png", "dog/2.png");
        var data = Dataset.Open(folder.Path);
        Assert.That((data.Training.Count, data.Evaluation, data.Count), Is.EqualTo((3, (DatasetSplit?)null, 3)));
    }

    [Test]
    public void A_share_of_every_class_is_held_out_and_the_seed_chooses()
    {
        ClassFolder(folder, "", classes: 3, images: 20);
        var data = Dataset.Open(folder.Path, new DatasetOptions { HeldOut = 0.25, Seed = 7 });
        var again = Dataset.Open(folder.Path, new DatasetOptions { HeldOut = 0.25, Seed = 7 });
        var other = Dataset.Open(folder.Path, new DatasetOptions { HeldOut = 0.25, Seed = 8 });

        Assert.That(data.Training.CountPerClass, Is.All.EqualTo(15));
        Assert.That(data.Evaluation!.CountPerClass, Is.All.EqualTo(5));
        Assert.That(Names(data.Training).Concat(Names(data.Evaluation)), Has.Exactly(60).Items);
        Assert.That(Paths(data.Training).Intersect(Paths(data.Evaluation)), Is.Empty);
        Assert.That(Paths(data.Evaluation), Is.Ordered.Using<string>(StringComparer.Ordinal));
        Assert.That(Paths(again.Evaluation!), Is.EqualTo(Paths(data.Evaluation)));
        Assert.That(Paths(other.Evaluation!), Is.Not.EqualTo(Paths(data.Evaluation)));
        var alone = Dataset.Open(folder.Path, new DatasetOptions { HeldOut = 0.25, Seed = 7, EvaluationOnly = true });
        Assert.That(Paths(alone.Evaluation!), Is.EqualTo(Paths(data.Evaluation)));
    }

    [Test]
    public void At_least_one_image_of_a_class_is_held_out_and_one_stays()
    {
        Pictures(folder, "a/1.png", "a/2.png", "b/1.png", "b/2.png", "b/3.png");
        Assert.That(Dataset.Open(folder.Path, new DatasetOptions { HeldOut = 0.01 }).Evaluation!.CountPerClass, Is.EqualTo(new[] { 1, 1 }));
        Assert.That(Dataset.Open(folder.Path, new DatasetOptions { HeldOut = 0.99 }).Training.CountPerClass, Is.EqualTo(new[] { 1, 1 }));
        File.Delete(folder.PathOf("a/1.png"));
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path, new DatasetOptions { HeldOut = 0.5 }), Does.Contain("'a' has one image"));
        Refused(ErrorCode.InvalidArgument, folder.Path, new DatasetOptions { HeldOut = 1 });
        Refused(ErrorCode.InvalidArgument, folder.Path, new DatasetOptions { HeldOut = double.NaN });
    }

    [Test]
    public void Evaluation_alone_needs_no_training_images()
    {
        Pictures(folder, "test/a/1.png", "test/b/1.png");
        var data = Dataset.Open(folder.Path, new DatasetOptions { EvaluationOnly = true });
        Assert.That((data.Training.Count, data.Evaluation!.Count), Is.EqualTo((0, 2)));
        Assert.That(Refused(ErrorCode.FileNotFound, folder.Path), Does.Contain("no folder train beside test"));

        Pictures(folder, "whole/a/1.png", "whole/b/1.png");
        Assert.That(Dataset.Open(folder.PathOf("whole"), new DatasetOptions { EvaluationOnly = true }).Evaluation!.Count, Is.EqualTo(2));
    }

    [Test]
    public void Classes_are_matched_to_those_of_a_model()
    {
        Pictures(folder, "cat/1.png", "dog/1.png");
        var known = new DatasetOptions { ClassNames = ["dog", "horse", "cat"], EvaluationOnly = true };
        var data = Dataset.Open(folder.Path, known);
        Assert.That(Labels(data.Evaluation!), Is.EqualTo(new[] { 2, 0 }));
        Assert.That(data.ClassNames, Is.EqualTo(known.ClassNames));
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path, known with { ClassNames = ["dog", "horse"] }), Does.Contain("'cat'"));
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path, known with { EvaluationOnly = false }), Does.Contain("'horse'"));
    }

    [Test]
    public void What_is_passed_over_is_said()
    {
        Pictures(folder, "train/a/1.png", "train/b/1.png", "val/a/1.png", "val/b/1.png", "test/a/1.png", "test/b/1.png", "extra/1.png");
        File.WriteAllText(folder.PathOf("train/a/notes.txt"), "");
        File.WriteAllText(folder.PathOf("train/a/.hidden"), "");
        var data = Dataset.Open(folder.Path);
        Assert.That(data.Notices, Has.Count.EqualTo(2));
        Assert.That(data.Notices[0], Does.Contain("extra, test").And.Contain("evaluated is val"));
        Assert.That(data.Notices[1], Does.Contain("notes.txt").And.Contain(": 1 files"));
    }

    [Test]
    public void A_class_may_be_called_train()
    {
        Pictures(folder, "bus/1.png", "train/1.png");
        Assert.That(Dataset.Open(folder.Path).ClassNames, Is.EqualTo(new[] { "bus", "train" }));
    }

    [Test]
    public void What_cannot_be_learnt_from_is_refused()
    {
        Assert.That(Refused(ErrorCode.FileNotFound, folder.PathOf("missing")), Does.Contain("no such folder"));
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path), Does.Contain("no images"));
        Pictures(folder, "train/a/1.png");
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path), Does.Contain("only one class ('a')"));
        Directory.CreateDirectory(folder.PathOf("train/b"));
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path), Does.Contain("b: the class has no images"));
        Pictures(folder, "train/b/1.png", "val/a/1.png");
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path), Does.Contain("has no class 'b'"));
        Pictures(folder, "val/b/1.png", "val/c/1.png");
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path), Does.Contain("has a class 'c'"));
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path, new DatasetOptions { EvaluationList = "x" }), Does.Contain("no list file"));
        Directory.CreateDirectory(folder.PathOf("empty/train"));
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.PathOf("empty")), Does.Contain("no images"));
    }

    [Test]
    public void Every_unreadable_file_is_listed_and_dropped_or_fatal([Values(0, 1, 3)] int threads)
    {
        ClassFolder(folder, "train", classes: 2, images: 6);
        ClassFolder(folder, "val", classes: 2, images: 2);
        File.WriteAllBytes(folder.PathOf("train/class0/003.bmp"), PhotoSamples.Read("rgb.bmp")[..60]);
        File.WriteAllText(folder.PathOf("train/class1/000.bmp"), "no picture");
        File.WriteAllBytes(folder.PathOf("val/class1/001.bmp"), []);
        var told = new List<(int, int)>();
        var data = Dataset.Open(folder.Path);
        DatasetReport report = data.Validate(threads, (done, total) => told.Add((done, total)));

        Assert.That(report.Unreadable.Select(bad => (bad.Split, bad.Index)), Is.EqualTo(new[] { ("training", 3), ("training", 6), ("evaluation", 3) }));
        Assert.That(report.Unreadable.Select(bad => bad.Error.Message).ToList(), Has.ItemAt(0).Contains("003.bmp").And.ItemAt(1).Contains("000.bmp").And.ItemAt(2).Contains("empty"));
        Assert.That(told[^1], Is.EqualTo((16, 16)));
        Assert.That(Refused(ErrorCode.FileDamaged, () => report.Result(UnreadablePolicy.Fail)), Does.Contain("003.bmp").And.Contain("first of 3"));

        Dataset rest = report.Result(UnreadablePolicy.Skip);
        Assert.That((rest.Training.Count, rest.Evaluation!.Count), Is.EqualTo((10, 3)));
        Assert.That(Paths(rest.Training), Is.EqualTo(Paths(data.Training).Where((_, i) => i is not (3 or 6))));
        Assert.That(Labels(rest.Training), Is.EqualTo(new[] { 0, 0, 0, 0, 0, 1, 1, 1, 1, 1 }));
        Assert.That(rest.Validate().Unreadable, Is.Empty);
        Assert.That(rest.Validate().Result(UnreadablePolicy.Fail).Training.Count, Is.EqualTo(10));
    }

    [Test]
    public void A_class_that_loses_all_its_images_is_refused()
    {
        Pictures(folder, "a/1.png", "b/1.png");
        File.WriteAllText(folder.PathOf("b/1.png"), "broken");
        DatasetReport report = Dataset.Open(folder.Path).Validate();
        Assert.That(Refused(ErrorCode.InvalidArgument, () => report.Result(UnreadablePolicy.Skip)), Does.Contain("'b'"));
    }

    [Test]
    public void Line_breaks_in_names_do_not_break_messages()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("names have no line breaks here");
        Pictures(folder, "a/1.png", "b/x\ny.png");
        File.WriteAllText(folder.PathOf("b/x\ny.png"), "broken");
        Assert.That(Dataset.Open(folder.Path).Validate().Unreadable.Single().Error.Message, Does.Contain("x y.png").And.Not.Contain("\n"));
        Directory.CreateDirectory(folder.PathOf("c\nd"));
        Assert.That(Refused(ErrorCode.InvalidArgument, folder.Path), Does.Contain("c d"));
    }

    [Test]
    public void Validation_can_be_cancelled()
    {
        Pictures(folder, "a/1.png", "b/1.png");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Catch<OperationCanceledException>(() => Dataset.Open(folder.Path).Validate(cancel: cancelled.Token));
    }

    [Test]
    public void Decoded_images_are_kept_as_far_as_the_budget_goes()
    {
        Pictures(folder, "a/1.png", "b/1.png");
        var kept = Dataset.Open(folder.Path, new DatasetOptions { CacheBytes = 29 * 19 * 3 });
        Photo first = kept.Training.Read(0), second = kept.Training.Read(1);
        Assert.That(kept.Training.Read(0), Is.SameAs(first));
        Assert.That(kept.Training.Read(1), Is.Not.SameAs(second));
    }

    private static string[] Names(DatasetSplit split) => [.. Paths(split).Select(path => Path.GetFileName(path)!)];

    private static string[] Paths(DatasetSplit split) => [.. Enumerable.Range(0, split.Count).Select(split.Name)];

    private static int[] Labels(DatasetSplit split) => [.. Enumerable.Range(0, split.Count).Select(split.Label)];
}
