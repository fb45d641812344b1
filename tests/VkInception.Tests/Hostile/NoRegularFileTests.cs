using System.Diagnostics;
using NUnit.Framework;

namespace VkInception.Tests.Hostile;

/// <summary>Folders, pipes, devices, links into nothing or in circles, empty files and files of gigabytes without content: one line, at once, whatever opens them.</summary>
public class NoRegularFileTests
{
    private const long Sparse = (4L << 30) + 4096;
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(20);
    private static readonly string[] kinds = ["missing", "folder", "empty", "dangling link", "circle of links", "link to a folder", "pipe", "link to a pipe", "/dev/zero", "/dev/random", "/dev/full", "/dev/stdin", "/proc/self/mem", "sparse"];

    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-special-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void ItIsRefusedAtOnce([ValueSource(nameof(Names))] string reader, [ValueSource(nameof(kinds))] string kind)
    {
        (_, string file, Action<string> open) = OpenedFile.All.First(o => o.Name == reader);
        string path = Path.Combine(folder, file);
        Make(kind, path);
        long before = GC.GetTotalAllocatedBytes();
        Task opening = Task.Run(() => open(path));
        VkInceptionException? error = Assert.ThrowsAsync<VkInceptionException>(async () => await opening.WaitAsync(patience));
        Assert.That(error!.Message, Is.Not.Empty.And.Not.Contains("\n"));
        if (kind != "sparse") Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(64L << 20));
        if (kind is "pipe" or "empty") Assert.That(error.Message, Does.Contain(file), "the file is named");
    }

    private static IEnumerable<string> Names() => OpenedFile.All.Select(o => o.Name);

    private void Make(string kind, string path)
    {
        if (OperatingSystem.IsWindows() && kind is not ("missing" or "folder" or "empty" or "sparse")) Assert.Ignore("links, pipes and devices are of another kind on Windows");
        string other = Path.Combine(folder, "other");
        switch (kind)
        {
            case "missing": break;
            case "folder": Directory.CreateDirectory(path); break;
            case "empty": File.WriteAllBytes(path, []); break;
            case "dangling link": File.CreateSymbolicLink(path, Path.Combine(folder, "nowhere")); break;
            case "circle of links":
                File.CreateSymbolicLink(path, other);
                File.CreateSymbolicLink(other, path);
                break;
            case "link to a folder":
                Directory.CreateDirectory(other);
                File.CreateSymbolicLink(path, other);
                break;
            case "pipe": MakePipe(path); break;
            case "link to a pipe":
                MakePipe(other);
                File.CreateSymbolicLink(path, other);
                break;
            case "sparse": MakeSparse(path); break;
            default:
                if (!File.Exists(kind)) Assert.Ignore($"this system has no {kind}");
                File.CreateSymbolicLink(path, kind);
                break;
        }
    }

    private static void MakePipe(string path)
    {
        using Process process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero);
    }

    private static void MakeSparse(string path)
    {
        using FileStream file = File.Create(path);
        try
        {
            file.SetLength(Sparse);
        }
        catch (IOException)
        {
            Assert.Ignore("this file system has no sparse files of that size");
        }
    }
}
