using NUnit.Framework;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

/// <summary>Files that h5py wrote (Golden/make_hdf5.py), as Keras saves weights, and damage to them.</summary>
[TestFixture]
public sealed class Hdf5Tests
{
    private static readonly string[] sound = ["keras.h5", "keras-latest.h5", "kinds.h5", "chunks.h5"];

    [TestCase("keras.h5")]
    [TestCase("keras-latest.h5")]
    public void KerasWeightsAreReadUnderTheirPaths(string name)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.File(name));

        Assert.That(checkpoint.Format, Is.EqualTo("hdf5"));
        Assert.That(checkpoint.Tensors.Select(t => t.Name), Is.EquivalentTo(new[] { "conv2d_1/conv2d_1/kernel:0", "predictions/predictions/bias:0", "predictions/predictions/kernel:0" }));
        AssertTensor(checkpoint, "conv2d_1/conv2d_1/kernel:0", ElementType.Float32, [1, 2, 3, 4], 0);
        AssertTensor(checkpoint, "predictions/predictions/kernel:0", ElementType.Float32, [3, 2], 1);
        AssertTensor(checkpoint, "predictions/predictions/bias:0", ElementType.Float64, [2], 2);
    }

    [Test]
    public void EveryKindOfNumberIsRead()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.File("kinds.h5"));

        AssertTensor(checkpoint, "half", ElementType.Float16, [5], 3);
        AssertTensor(checkpoint, "compact", ElementType.Float32, [3], 4);
        AssertTensor(checkpoint, "empty", ElementType.Float32, [0, 3], 0);
        Assert.That(Find(checkpoint, "long").ToInt64(), Is.EqualTo(new long[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(Find(checkpoint, "byte").ToInt64(), Is.EqualTo(new long[] { 1, 255 }));
        for (int i = 0; i < 9; i++) Assert.That(Find(checkpoint, $"group/w{i}").ToFloat32(), Is.EqualTo(new float[] { i }));
        Assert.That(checkpoint.Tensors, Has.Count.EqualTo(14), "neither the text nor the soft link");
        Assert.That(checkpoint.Notes, Has.Some.Contains("1 datasets of text"));
    }

    [Test]
    public void ChunksAreGathered()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.File("chunks.h5"));

        AssertTensor(checkpoint, "gzip", ElementType.Float32, [5, 3, 7], 0);
        AssertTensor(checkpoint, "all", ElementType.Float32, [9], 1);
        AssertTensor(checkpoint, "plain", ElementType.Float64, [3, 5], 2);
    }

    [Test]
    public void KerasNamesAndLayoutBecomeTheNetworks()
    {
        using Model model = Model.Load("inception_v3");
        using Checkpoint found = model.OpenWeights(Golden.File("keras.h5"));

        Assert.That(found.Tensors.Select(t => t.Name), Is.EquivalentTo(new[] { "Conv2d_1a_3x3.conv.weight", "fc.bias", "fc.weight" }));
        Assert.That(Find(found, "Conv2d_1a_3x3.conv.weight").Shape, Is.EqualTo(new[] { 4, 3, 1, 2 }));
        Assert.That(Find(found, "fc.weight").Shape, Is.EqualTo(new[] { 2, 3 }));
    }

    [TestCase("circle.h5", ErrorCode.FileRefused, "circles")]
    [TestCase("big.h5", ErrorCode.UnsupportedFormat, "big-endian")]
    [TestCase("lzf.h5", ErrorCode.UnsupportedFormat, "filter 32000")]
    [TestCase("unwritten.h5", ErrorCode.FileDamaged, "1 of its 2 chunks")]
    [TestCase("bomb.h5", ErrorCode.FileRefused, "bomb")]
    public void WhatIsNotReadIsSaid(string name, ErrorCode code, string word) => Assert.That(() => Checkpoint.Open(Golden.File(name)), Refuses.With(code, word));

    /// <summary>A flag of the zlib header (RFC 1950, FDICT): .NET answers with another exception than for other damage.</summary>
    [Test]
    public void AStreamThatAsksForADictionaryIsRefused()
    {
        byte[] bytes = Golden.Bytes("chunks.h5");
        int found = 0;
        for (int at = 0; at + 1 < bytes.Length; at++)
        {
            if (bytes[at] != 0x78 || bytes[at + 1] is not (0x01 or 0x5E or 0x9C or 0xDA)) continue;
            bytes[at + 1] = 0x20;
            found++;
        }
        Assert.That(found, Is.GreaterThan(1));
        using var scratch = new ScratchFolder();
        Assert.That(Attempt.Read(scratch.Write("chunks.h5", bytes)), Is.TypeOf<VkInceptionException>().With.Message.Contains("does not decompress"));
    }

    [TestCaseSource(nameof(sound))]
    public void ATruncatedFileIsRefusedWhereverItEnds(string name)
    {
        byte[] bytes = Golden.Bytes(name);
        using var scratch = new ScratchFolder();
        for (int length = 0; length < bytes.Length; length += length < 256 ? 1 : 29)
            Assert.That(Attempt.Read(scratch.Write(name, bytes[..length])), Is.TypeOf<VkInceptionException>(), $"cut to {length} bytes");
        Assert.That(Attempt.Read(scratch.Write(name, bytes[..^1])), Is.TypeOf<VkInceptionException>());
    }

    [TestCaseSource(nameof(sound))]
    public void DamageNeverEscapesAsAnythingElse(string name)
    {
        byte[] bytes = Golden.Bytes(name);
        byte[][] patterns = [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]];
        var random = new Random(19981998);
        using var scratch = new ScratchFolder();
        int refused = 0;
        for (int round = 0; round < 800; round++)
        {
            byte[] damaged = [.. bytes];
            // The structure is a small part of these files: what lies between is zeros.
            for (int flips = random.Next(1, 6); flips > 0;)
            {
                int at = random.Next(bytes.Length);
                if (bytes.AsSpan(at, Math.Min(8, bytes.Length - at)).IndexOfAnyExcept((byte)0) < 0) continue;
                flips--;
                if (round % 2 == 0) damaged[at] ^= (byte)(1 << random.Next(8));
                else patterns[random.Next(patterns.Length)].AsSpan().CopyTo(damaged.AsSpan(Math.Min(at, bytes.Length - 8)));
            }
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exception? error = Attempt.Read(scratch.Write(name, damaged));
            Assert.That(error, Is.Null.Or.TypeOf<VkInceptionException>(), $"round {round}: {error}");
            Assert.That(error?.Message, Is.Null.Or.Not.Contains("\n"));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(160 << 20));
            refused += error is null ? 0 : 1;
        }
        Assert.That(refused, Is.GreaterThan(80));
    }

    private static void AssertTensor(Checkpoint checkpoint, string name, ElementType type, int[] shape, int number)
    {
        NamedTensor tensor = Find(checkpoint, name);
        Assert.That(tensor.Type, Is.EqualTo(type), name);
        Assert.That(tensor.Shape, Is.EqualTo(shape), name);
        Assert.That(tensor.ToFloat32(), Is.EqualTo(Golden.Values((int)tensor.Count, number)));
    }

    private static NamedTensor Find(Checkpoint checkpoint, string name)
    {
        Assert.That(checkpoint.TryGet(name, out NamedTensor? tensor), Is.True, name);
        return tensor!;
    }
}
