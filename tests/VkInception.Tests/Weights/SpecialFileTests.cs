using System.Diagnostics;
using NUnit.Framework;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

[TestFixture]
public sealed class SpecialFileTests
{
    [TestCase("missing.safetensors")]
    [TestCase("missing/missing.npy")]
    public void AMissingFileIsSaidToBeMissing(string name)
    {
        using var scratch = new ScratchFolder();
        Assert.That(() => Checkpoint.Open(scratch[name]), Refuses.With(ErrorCode.FileNotFound, "no such file"));
    }

    [Test]
    public void AFolderIsNoCheckpoint()
    {
        using var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch["x.safetensors"]);
        Assert.That(() => Checkpoint.Open(scratch["x.safetensors"]), Refuses.With(ErrorCode.FileNotFound, "folder"));
    }

    [TestCase("x.safetensors")]
    [TestCase("x.pth")]
    [TestCase("x.npz")]
    public void AnEmptyFileIsDamaged(string name)
    {
        using var scratch = new ScratchFolder();
        Assert.That(() => Checkpoint.Open(scratch.Write(name, [])), Refuses.With(ErrorCode.FileDamaged, "no bytes"));
    }

    [Test]
    public void AnEmptyNameIsNoPath() =>
        Assert.That(() => Checkpoint.Open(""), Throws.TypeOf<VkInceptionException>());

    [Test]
    public void SomethingElseIsNoCheckpoint()
    {
        using var scratch = new ScratchFolder();
        Assert.That(() => Checkpoint.Open(scratch.Write("cat.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3])), Refuses.With(ErrorCode.UnsupportedFormat, "ffd8ffe0"));
    }

    [TestCase("/dev/null")]
    [TestCase("/dev/zero")]
    public void ADeviceIsRefused(string path)
    {
        if (!File.Exists(path))
            Assert.Ignore($"this system has no {path}");
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.FileDamaged, "device"));
    }

    [Test]
    public void APipeIsRefusedWithoutWaitingForItsWriter()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("named pipes are no files on Windows");
        using var scratch = new ScratchFolder();
        using (Process process = Process.Start("mkfifo", [scratch["pipe.safetensors"]]))
            process.WaitForExit();
        Task<Checkpoint> opening = Task.Run(() => Checkpoint.Open(scratch["pipe.safetensors"]));
        Assert.That(async () => await opening.WaitAsync(TimeSpan.FromSeconds(20)), Refuses.With(ErrorCode.FileDamaged, "pipe"));
    }

    [Test]
    public void ASymbolicLinkIsFollowed()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("symbolic links need a privilege on Windows");
        using var scratch = new ScratchFolder();
        File.CreateSymbolicLink(scratch["b.safetensors"], Golden.File("two.safetensors"));
        File.CreateSymbolicLink(scratch["a.safetensors"], "b.safetensors");
        File.CreateSymbolicLink(scratch["dangling.safetensors"], "nothing");
        using Checkpoint checkpoint = Checkpoint.Open(scratch["a.safetensors"]);
        Assert.That(checkpoint.Tensors, Has.Count.EqualTo(2));
        Assert.That(() => Checkpoint.Open(scratch["dangling.safetensors"]), Refuses.With(ErrorCode.FileNotFound));
    }

    [Test]
    public void TheContentDecidesNotTheExtension()
    {
        using var scratch = new ScratchFolder();
        foreach ((string file, string format) in new[]
        {
            ("two.safetensors", "safetensors"), ("f4.npy", "npy"), ("stored.npz", "npz"), ("state.pth", "torch"), ("state_legacy.pth", "torch-legacy"),
        })
        {
            using Checkpoint checkpoint = Checkpoint.Open(scratch.Write("x.caffemodel", Golden.Bytes(file)));
            Assert.That(checkpoint.Format, Is.EqualTo(format));
        }
    }

    [Test]
    public void TheDigestIsOfTheWholeFile()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.File("two.safetensors"));
        string expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Golden.Bytes("two.safetensors")));
        Assert.That(checkpoint.ComputeSha256(), Is.EqualTo(expected));
    }
}
