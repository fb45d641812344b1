using System.Diagnostics;
using NUnit.Framework;

namespace VkInception.Tests.Core;

/// <summary>Files are written whole or not at all, and nothing that is no file is replaced by one.</summary>
public class AtomicFileTests
{
    private static readonly byte[] content = [1, 2, 3];
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("vkinception").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void AWriteThatFailsLeavesTheOldContentAndNothingElse()
    {
        string file = In("a");
        File.WriteAllText(file, "old");

        Assert.That(() => AtomicFile.Write(file, _ => throw new IOException("full")), Throws.TypeOf<VkInceptionException>().With.Message.Contains("full"));

        Assert.That(File.ReadAllText(file), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void WhatAKilledProcessLeftHalfWrittenGoesWhenItIsOld()
    {
        string old = In($".{Guid.NewGuid():N}.tmp"), young = In($".{Guid.NewGuid():N}.tmp"), held = In($".{Guid.NewGuid():N}.tmp"), other = In(".not-ours.tmp");
        foreach (string path in (string[])[old, young, held, other])
        {
            File.WriteAllText(path, "half");
            if (path != young) File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-11));
        }
        using (new FileStream(held, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            File.SetLastWriteTimeUtc(held, DateTime.UtcNow.AddMinutes(-11));
            AtomicFile.Write(In("a"), content);
            Assert.That(Directory.GetFiles(folder), Is.EquivalentTo([In("a"), young, held, other]));
        }
        AtomicFile.Write(In("b"), content);
        Assert.That(Directory.GetFiles(folder), Is.EquivalentTo([In("a"), In("b"), young, other]), "nobody holds it any longer");
    }

    [Test]
    public void ANameOfTheGreatestLengthIsWritten()
    {
        string file = In(new string('n', 255));

        AtomicFile.Write(file, content);

        Assert.That(File.ReadAllBytes(file), Is.EqualTo(content));
    }

    [Test]
    public void AFolderIsRefusedAndNoneIsMade()
    {
        Assert.That(() => AtomicFile.Write(folder, content), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.InputOutput));
        Assert.That(() => AtomicFile.Write(In("new") + Path.DirectorySeparatorChar, content), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.InputOutput));
        Assert.That(Directory.GetFileSystemEntries(folder), Is.Empty);
    }

    [TestCase("")]
    [TestCase("a\0b")]
    public void WhatIsNoNameIsRefused(string name) => Assert.That(() => AtomicFile.Write(name, content), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.InvalidArgument));

    [Test]
    [Platform("Unix")]
    public void ALinkStaysALink([Values] bool dangling)
    {
        string file = In("a"), link = In("link");
        if (!dangling)
            File.WriteAllText(file, "old");
        File.CreateSymbolicLink(link, "a");

        AtomicFile.Write(link, content);

        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo("a"));
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(content));
    }

    [Test]
    [Platform("Unix")]
    public void AFileOfItsOwnerAloneStaysSo()
    {
        string file = In("a");
        File.WriteAllText(file, "old");
#pragma warning disable CA1416 // Unix alone, as the attribute says.
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        AtomicFile.Write(file, content);

        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
#pragma warning restore CA1416
    }

    [Test]
    [Platform("Unix")]
    public async Task APipeIsWrittenAndStaysAPipe()
    {
        string pipe = In("pipe");
        using (Process make = Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync();
        Task<byte[]> reader = Task.Run(() => File.ReadAllBytes(pipe));

        await Task.Run(() => AtomicFile.Write(pipe, content)).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(await reader.WaitAsync(TimeSpan.FromSeconds(20)), Is.EqualTo(content));
        Assert.That(new FileInfo(pipe).Length, Is.Zero, "a file in its place would have a length");
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    private string In(string name) => Path.Combine(folder, name);
}
