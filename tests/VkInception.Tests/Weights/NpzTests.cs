using System.IO.Compression;
using NUnit.Framework;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

[TestFixture]
public sealed class NpzTests
{
    [TestCase("stored.npz")]
    [TestCase("deflated.npz")]
    [TestCase("zip64.npz")]
    public void ArraysAreReadByName(string name)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.File(name));
        Assert.That(checkpoint.Format, Is.EqualTo("npz"));
        Assert.That(checkpoint.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "conv1/7x7_s2.weight", "conv1/7x7_s2.bias", "step" }));
        Assert.That(checkpoint.TryGet("conv1/7x7_s2.weight", out NamedTensor? weight));
        Assert.That(weight!.Shape, Is.EqualTo(new[] { 4, 3, 2, 2 }));
        Assert.That(weight.ToFloat32(), Is.EqualTo(Golden.Values(48, 0)));
        Assert.That(weight.ToFloat32(), Is.EqualTo(Golden.Values(48, 0)), "a second reading");
        Assert.That(checkpoint.TryGet("step", out NamedTensor? step));
        Assert.That(step!.ToInt64(), Is.EqualTo(new long[] { 7 }));
        Assert.That(checkpoint.TryGet("step.npy", out _), Is.False);
    }

    [Test]
    public void AFlippedByteOfTheDataFailsTheChecksum()
    {
        byte[] bytes = Golden.Bytes("stored.npz");
        int at = bytes.AsSpan().IndexOf("conv1/7x7_s2.bias.npy"u8) - 100;
        bytes[at] ^= 4;
        using var scratch = new ScratchFolder();
        using Checkpoint checkpoint = Checkpoint.Open(scratch.Write("x.npz", bytes));
        Assert.That(() => checkpoint.Tensors[0].ToFloat32(), Refuses.With(ErrorCode.FileDamaged, "checksum"));
    }

    [Test]
    public void ABombIsRefused()
    {
        using var scratch = new ScratchFolder();
        // 100 MB of zeros deflate to 100 KB.
        string path = scratch.Write("bomb.npz", Zip(archive =>
        {
            using Stream member = archive.CreateEntry("zeros.npy").Open();
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 100; i++)
                member.Write(zeros);
        }));
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.FileRefused, "bomb"));
    }

    [Test]
    public void AMemberThatInflatesPastItsDeclaredSizeStopsThere()
    {
        byte[] bytes = Zip(archive =>
        {
            using Stream member = archive.CreateEntry("a.npy").Open();
            member.Write([.. Golden.Bytes("f4.npy"), .. new byte[64]]);
        });
        int entry = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(entry + 24), Golden.Bytes("f4.npy").Length);
        using var scratch = new ScratchFolder();
        Assert.That(() => ReadAll(scratch.Write("x.npz", bytes)), Refuses.With(ErrorCode.FileRefused, "more than"));
    }

    [Test]
    public void OverlappingMembersAreRefused()
    {
        byte[] bytes = Golden.Bytes("stored.npz");
        Span<byte> span = bytes;
        int first = span.IndexOf("PK\u0001\u0002"u8);
        int second = first + 4 + span[(first + 4)..].IndexOf("PK\u0001\u0002"u8);
        span.Slice(first + 42, 4).CopyTo(span[(second + 42)..]);
        using var scratch = new ScratchFolder();
        Assert.That(() => Checkpoint.Open(scratch.Write("x.npz", bytes)), Refuses.With(ErrorCode.FileRefused, "overlap"));
    }

    [Test]
    public void TerabytesAreRefusedBeforeAnythingIsAllocated()
    {
        byte[] bytes = Golden.Bytes("deflated.npz");
        int entry = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(entry + 24), uint.MaxValue - 1);
        using var scratch = new ScratchFolder();
        Assert.That(() => Checkpoint.Open(scratch.Write("x.npz", bytes)), Refuses.With(ErrorCode.FileRefused, "bomb"));
    }

    [Test]
    public void AZipOfOtherThingsIsNoCheckpoint()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.npz", Zip(archive => archive.CreateEntry("readme.txt").Open().Dispose()));
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.UnsupportedFormat, "zip"));
    }

    [Test]
    public void AnotherMemberBesideTheArraysIsNoted()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.npz", Zip(archive =>
        {
            archive.CreateEntry("readme.txt").Open().Dispose();
            using Stream member = archive.CreateEntry("sub/a.npy").Open();
            member.Write(Golden.Bytes("f4.npy"));
        }));
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.That(checkpoint.Tensors.Single().Name, Is.EqualTo("sub/a"));
        Assert.That(checkpoint.Tensors[0].ToFloat32(), Is.EqualTo(Golden.Values(24, 0)));
        Assert.That(checkpoint.Notes.Single(), Does.Contain("readme.txt"));
    }

    private static void ReadAll(string path)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        foreach (NamedTensor tensor in checkpoint.Tensors)
            tensor.ToFloat32();
    }

    private static byte[] Zip(Action<ZipArchive> fill)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            fill(archive);
        return stream.ToArray();
    }
}
