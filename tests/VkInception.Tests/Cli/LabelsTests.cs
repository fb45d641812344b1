using NUnit.Framework;
using VkInception.Cli;

namespace VkInception.Tests.Cli;

/// <summary>Files of class names.</summary>
public class LabelsTests
{
    private string file = "";

    [SetUp]
    public void CreateFile() => file = Path.GetTempFileName();

    [TearDown]
    public void DeleteFile() => File.Delete(file);

    [Test]
    public void SynsetIdsAreLeftOut() => Assert.That(Read("n01440764 tench, Tinca tinca\nn01443537 goldfish\n"), Is.EqualTo(new[] { "tench, Tinca tinca", "goldfish" }));

    [Test]
    public void PlainLabelsStayAsTheyAre() => Assert.That(Read("cat\r\nn01440764 dog\r\n\r\n"), Is.EqualTo(new[] { "cat", "n01440764 dog" }));

    [Test]
    public void AnEmptyFileIsRefused() => Assert.That(() => Read("\n\n"), Throws.TypeOf<VkInceptionException>().With.Message.Contains("holds no labels"));

    /// <summary>Each of them cost a copy of all before: 49 GB for a file of 110 kB.</summary>
    [Test]
    public void EmptyLinesAtTheEndCostNoMoreThanTheirBytes()
    {
        string content = "cat\n\ndog\n" + new string('\n', 30_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(Read(content), Is.EqualTo(new[] { "cat", "", "dog" }));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(20 << 20));
    }

    [Test]
    [Platform("Linux")]
    public void ADeviceWithoutEndIsRefused() => Assert.That(() => Labels.Read("/dev/zero"), Throws.TypeOf<VkInceptionException>().With.Message.Contains("holds no labels"));

    [Test]
    public void AFolderIsNoFileOfLabels() =>
        Assert.That(() => Labels.Read(Path.GetTempPath()), Throws.TypeOf<VkInceptionException>().With.Message.Contains("is a folder"));

    private IReadOnlyList<string> Read(string content)
    {
        File.WriteAllText(file, content);
        return Labels.Read(file);
    }
}
