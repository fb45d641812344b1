using System.Diagnostics;
using NUnit.Framework;

namespace VkInception.Tests.Cli;

/// <summary>Devices, pipes and folders in the place of the files that a command reads and writes: one clear line, at once.</summary>
public class SpecialFileCommandTests
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    private TinyInference tiny = null!;

    [SetUp]
    public void Make() => tiny = new TinyInference();

    [TearDown]
    public void Remove() => tiny.Dispose();

    [Test]
    public async Task NothingIsReadFromWhatIsNoFile(
        [Values("run's input", "run's weights", "import", "inspect", "classify", "train's images", "labels")] string command,
        [Values("/dev/zero", "/dev/full", "/dev/random", "pipe", "folder")] string kind)
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("pipes and devices are no files on Windows");
        string path = Place(kind);
        string[] words = command switch
        {
            "run's input" => tiny.Run("y.npy", input: path),
            "run's weights" => tiny.Run("y.npy", weights: path),
            "import" => ["import", path, "--model", "lenet5", "-o", tiny.PathOf("out.safetensors")],
            "inspect" => ["inspect", path],
            "classify" => ["classify", path],
            "train's images" => ["train", "--model", "lenet5", "--input", path, "--labels", tiny.PathOf("x.npy"), "--steps", "1"],
            _ => ["classify", tiny.PathOf("x.npy"), "--labels", path],
        };

        Invocation told = await Invocation.RunAsync(words).WaitAsync(patience);

        Assert.That(told.ExitCode, Is.EqualTo(1));
        Assert.That(told.Output, Is.Empty);
        Assert.That(told.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(told.Error, Does.Contain(path));
    }

    [Test]
    public async Task NothingIsWrittenToWhatTakesNothing(
        [Values("run", "import")] string command,
        [Values("/dev/full", "folder", "below a file")] string kind)
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("pipes and devices are no files on Windows");
        string path = Place(kind);

        Invocation told = await Invocation.RunAsync(command == "run" ? tiny.Run(path) : ["import", tiny.PathOf("w.safetensors"), "--model", "lenet5", "-o", path]).WaitAsync(patience);

        Assert.That(told.ExitCode, Is.EqualTo(1));
        Assert.That(told.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(told.Error, Does.Contain(path).And.Contain("cannot be written"));
        if (kind == "/dev/full") Assert.That(() => File.WriteAllBytes(path, [1]), Throws.InstanceOf<IOException>(), "the device is still one");
    }

    private string Place(string kind)
    {
        if (kind.StartsWith('/'))
        {
            if (!File.Exists(kind)) Assert.Ignore($"this system has no {kind}");
            return kind;
        }
        string path = tiny.PathOf("special");
        switch (kind)
        {
            case "folder": Directory.CreateDirectory(path); break;
            case "below a file": return Path.Combine(tiny.PathOf("x.npy"), "below");
            default:
                using (Process make = Process.Start("mkfifo", [path])) make.WaitForExit();
                break;
        }
        return path;
    }
}
