using NUnit.Framework;
using VkInception.Tuning;

namespace VkInception.Tests.Tuning;

internal sealed class TuningFileTests
{
    private string folder = "";

    private string FilePath => Path.Combine(folder, "below", "tuning.json");

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-tuning-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void What_is_merged_is_read_and_newer_entries_take_the_place_of_older_ones()
    {
        var file = new TuningFile(FilePath);
        Assert.That(file.Read(out string? none), Is.Empty);
        Assert.That(none, Is.Null, "a file that is not there is no problem");
        TunedKernel a = Entry("plain-7x1", 1.25), b = Entry("uniform-14x4", 2.5), c = new("broadcast2-14x8", 0.75, "plain-7x1", 1.5, "uniform-14x4", 1.6);
        file.Merge(new Dictionary<string, TunedKernel> { ["one"] = a, ["two"] = b });
        new TuningFile(FilePath).Merge(new Dictionary<string, TunedKernel> { ["two"] = c });
        IReadOnlyDictionary<string, TunedKernel> found = new TuningFile(FilePath).Read(out string? problem);
        Assert.That(problem, Is.Null);
        Assert.That(found, Is.EquivalentTo(new Dictionary<string, TunedKernel> { ["one"] = a, ["two"] = c }));
    }

    [Test]
    public void A_file_damaged_anywhere_is_ignored_with_one_line_and_replaced()
    {
        new TuningFile(FilePath).Merge(Some(2));
        byte[] sound = File.ReadAllBytes(FilePath);
        for (int at = 0; at < sound.Length; at++)
        {
            byte[] damaged = [.. sound];
            damaged[at] ^= (byte)(1 << at % 8);
            ExpectIgnored(damaged, $"byte {at}");
        }
        for (int length = 0; length < sound.Length; length++) ExpectIgnored(sound[..length], $"{length} bytes");
        ExpectIgnored([.. sound, 10], "a byte too many");
        new TuningFile(FilePath).Merge(Some(1));
        Assert.That(new TuningFile(FilePath).Read(out _), Has.Count.EqualTo(1));
    }

    [Test]
    public void Writers_at_the_same_time_lose_nothing()
    {
        const int writers = 6, each = 12;
        Parallel.For(0, writers, new ParallelOptions { MaxDegreeOfParallelism = writers }, writer =>
        {
            for (int i = 0; i < each; i++)
                new TuningFile(FilePath).Merge(new Dictionary<string, TunedKernel> { [$"{writer}/{i}"] = Entry($"plain-{i}x1", i + 1) });
        });
        Assert.That(new TuningFile(FilePath).Read(out string? problem), Has.Count.EqualTo(writers * each));
        Assert.That(problem, Is.Null);
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(FilePath)!).Select(Path.GetFileName), Is.EquivalentTo(["tuning.json", "tuning.json.lock"]), "no temporary file is left");
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_said_in_one_line()
    {
        File.WriteAllText(Path.Combine(folder, "below"), "in the way");
        Assert.That(() => new TuningFile(FilePath).Merge(Some(1)), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.InputOutput).And.Message.Not.Contains("\n"));
    }

    [Test]
    public void AFolderInThePlaceOfTheFileOrAFullDeviceIsSaidInOneLine()
    {
        Directory.CreateDirectory(FilePath);
        ExpectNotKept();
        Directory.Delete(FilePath);
        if (!File.Exists("/dev/full")) Assert.Ignore("this system has no /dev/full");
        File.CreateSymbolicLink(FilePath, "/dev/full");
        ExpectNotKept();
        Assert.That(new FileInfo(FilePath).LinkTarget, Is.EqualTo("/dev/full"), "neither the link nor the device was replaced");
    }

    private void ExpectNotKept()
    {
        Assert.That(new TuningFile(FilePath).Read(out _), Is.Empty);
        Assert.That(() => new TuningFile(FilePath).Merge(Some(1)), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.InputOutput).And.Message.Contains(FilePath).And.Message.Not.Contains("\n"));
    }

    private void ExpectIgnored(byte[] content, string what)
    {
        File.WriteAllBytes(FilePath, content);
        Assert.That(new TuningFile(FilePath).Read(out string? problem), Is.Empty, what);
        Assert.That(problem, Does.Contain(FilePath).And.Contain("ignored").And.Not.Contain("\n"), what);
    }

    private static TunedKernel Entry(string name, double milliseconds) => new(name, milliseconds, null, null, name, milliseconds);

    private static Dictionary<string, TunedKernel> Some(int count) => Enumerable.Range(0, count).ToDictionary(i => $"work {i}", i => Entry("plain-7x1", i + 0.125));
}
