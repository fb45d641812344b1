using NUnit.Framework;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

/// <summary>Whatever happens to a file, only the one exception comes out, and nothing large is allocated on the way.</summary>
[TestFixture]
public sealed class DamagedFileTests
{
    private const int FlipsPerFile = 1500;
    private const long AllocationBound = 32 << 20;

    private static readonly string[] files =
    [
        "two.safetensors", "f4.npy", "f8_big_fortran.npy", "stored.npz", "deflated.npz", "zip64.npz", "state.pth", "state_legacy.pth", "checkpoint_p4.pth", "checkpoint_legacy.pth",
    ];

    [TestCaseSource(nameof(files))]
    public void ATruncatedFileIsRefusedWhereverItEnds(string name)
    {
        byte[] bytes = Golden.Bytes(name);
        using var scratch = new ScratchFolder();
        Assert.Multiple(() =>
        {
            for (int length = 0; length < bytes.Length; length++)
                Assert.That(Read(scratch.Write(name, bytes[..length])), Is.TypeOf<VkInceptionException>(), $"{name} cut to {length} bytes");
        });
    }

    [TestCaseSource(nameof(files))]
    public void FlippedBitsNeverEscapeAsAnythingElse(string name)
    {
        byte[] bytes = Golden.Bytes(name);
        var random = new Random(20140917);
        using var scratch = new ScratchFolder();
        int refused = 0;
        for (int round = 0; round < FlipsPerFile; round++)
        {
            byte[] damaged = [.. bytes];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
                damaged[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Exception? error = Read(scratch.Write(name, damaged));
            Assert.That(error, Is.Null.Or.TypeOf<VkInceptionException>(), $"{name}, round {round}: {error}");
            refused += error is null ? 0 : 1;
        }
        Assert.That(refused, Is.GreaterThan(FlipsPerFile / 10), "the flips must matter to the reader");
    }

    [TestCaseSource(nameof(files))]
    public void OverwrittenRunsNeverEscapeAsAnythingElse(string name)
    {
        byte[] bytes = Golden.Bytes(name);
        var random = new Random(20150611);
        using var scratch = new ScratchFolder();
        byte[][] patterns = [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]];
        for (int round = 0; round < FlipsPerFile / 3; round++)
        {
            byte[] damaged = [.. bytes];
            byte[] pattern = patterns[random.Next(patterns.Length)];
            pattern.CopyTo(damaged, random.Next(bytes.Length - pattern.Length));
            Exception? error = Read(scratch.Write(name, damaged));
            Assert.That(error, Is.Null.Or.TypeOf<VkInceptionException>(), $"{name}, round {round}: {error}");
        }
    }

    private static Exception? Read(string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? error = null;
        try
        {
            using Checkpoint checkpoint = Checkpoint.Open(path);
            foreach (NamedTensor tensor in checkpoint.Tensors)
                tensor.ToFloat32();
        }
        catch (Exception e)
        {
            error = e;
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(AllocationBound));
        Assert.That(error?.Message, Is.Null.Or.Not.Contains("\n"));
        return error;
    }
}
