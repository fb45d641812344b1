using NUnit.Framework;
using VkInception.Tests.GraphFiles;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

/// <summary>TensorFlow's checkpoints of both versions: tables of messages, with the values inside or beside them.</summary>
[TestFixture]
public sealed class TensorFlowCheckpointTests
{
    private const string Data = "m.data-00000-of-00002", More = "m.data-00001-of-00002";

    private ScratchFolder scratch = null!;

    [SetUp]
    public void MakeFolder() => scratch = new ScratchFolder();

    [TearDown]
    public void DropFolder() => scratch.Dispose();

    [Test]
    public void TheChecksumIsCastagnolis() => Assert.That(Crc32C.Append(Crc32C.Append(0, "12345"u8), "6789"u8), Is.EqualTo(0xE3069283));

    [TestCase(1), TestCase(2), TestCase(100)]
    public void AReleasedCheckpointOfTheFirstVersionIsRead(int perBlock)
    {
        using Checkpoint checkpoint = Checkpoint.Open(scratch.Write("inception_v3.ckpt", First(new TableWriter { PerBlock = perBlock }).ToArray()));

        Assert.That(checkpoint.Format, Is.EqualTo("tensorflow-checkpoint-v1"));
        Assert.That(checkpoint.Tensors.Select(t => (t.Name, t.Type)), Is.EqualTo(new[] { ("InceptionV3/a/weights", ElementType.Float32), ("InceptionV3/b", ElementType.Float64), ("c", ElementType.Float32) }));
        Assert.That(checkpoint.Tensors[0].Shape, Is.EqualTo(new[] { 1, 1, 2, 2 }));
        Assert.That(checkpoint.Tensors[0].ToFloat32(), Is.EqualTo(new float[] { 1, 2, 3, 4 }));
        Assert.That(checkpoint.Tensors[1].ToFloat32(), Is.EqualTo(new float[] { 5, 6 }));
        Assert.That(checkpoint.Tensors[2].ToFloat32(), Is.EqualTo(new float[] { 7 }));
        Assert.That(checkpoint.Notes, Has.Some.Contains("1 variables of whole numbers"));
    }

    [Test]
    public void ACheckpointOfTheFirstVersionIsMappedByItsNames()
    {
        string file = scratch.Write("inception_v3.ckpt", new TableWriter()
            .Add("", Meta(Declared("InceptionV3/Conv2d_1a_3x3/weights", 1, [1, 1, 1, 2])))
            .Add("k", Slice("InceptionV3/Conv2d_1a_3x3/weights", t => t.Raw(5, Floats(3, 4)))).ToArray());
        using Model model = Model.Load("inception_v3");
        using Checkpoint found = model.OpenWeights(file);

        Assert.That(found.Tensors.Single().Name, Is.EqualTo("Conv2d_1a_3x3.conv.weight"));
        Assert.That(found.Tensors[0].Shape, Is.EqualTo(new[] { 2, 1, 1, 1 }));
    }

    [TestCase(1), TestCase(3)]
    public void ACheckpointOfTheSecondVersionIsRead(int perBlock)
    {
        using Checkpoint checkpoint = Second(new TableWriter { PerBlock = perBlock });

        Assert.That(checkpoint.Format, Is.EqualTo("tensorflow-checkpoint"));
        Assert.That(checkpoint.Tensors.Select(t => (t.Name, t.Type)), Is.EqualTo(new[] { ("a/kernel", ElementType.Float32), ("a/steps", ElementType.Int64), ("b", ElementType.Float32) }));
        Assert.That(checkpoint.Tensors[0].Shape, Is.EqualTo(new[] { 2, 2 }));
        Assert.That(checkpoint.Tensors[0].ToFloat32(), Is.EqualTo(new float[] { 1, 2, 3, 4 }));
        Assert.That(checkpoint.Tensors[1].ToInt64(), Is.EqualTo(new long[] { 9 }));
        Assert.That(checkpoint.Tensors[2].ToFloat32(), Is.EqualTo(new float[] { -1 }));
        Assert.That(checkpoint.Notes, Has.Some.Contains("1 entries of text"));
    }

    [Test]
    public void AChangedByteOfTheDataIsFound()
    {
        using Checkpoint checkpoint = Second(new TableWriter());
        byte[] data = File.ReadAllBytes(scratch[Data]);
        data[3] ^= 1;
        File.WriteAllBytes(scratch[Data], data);

        Assert.That(() => checkpoint.Tensors[0].ToFloat32(), Refuses.With(ErrorCode.FileDamaged, "a/kernel", "checksum", Data));
    }

    [Test]
    public void MissingDataAreNamed()
    {
        string index = WriteSecond(new TableWriter());
        File.Delete(scratch[More]);

        Assert.That(() => Checkpoint.Open(index), Refuses.With(ErrorCode.FileNotFound, More));
    }

    [Test]
    public void TruncatedDataAreFoundBeforeTheyAreRead()
    {
        string index = WriteSecond(new TableWriter());
        File.WriteAllBytes(scratch[Data], File.ReadAllBytes(scratch[Data])[..^1]);

        Assert.That(() => Checkpoint.Open(index), Refuses.With(ErrorCode.FileDamaged, Data, "truncated"));
    }

    [TestCase(2, 1, "0", 4, 0, "do not fill")]
    [TestCase(-1, 1, "0", 4, 0, "do not fill")]
    [TestCase(int.MaxValue, 1, "0", 4, 0, "do not fill")]
    [TestCase(1, 1, "-4", 4, 0, "truncated")]
    [TestCase(1, 1, "9223372036854775807", 4, 0, "truncated")]
    [TestCase(1, 1, "0", 4, 7, "file 7 of 2")]
    [TestCase(1, 1, "0", 4, -1, "file -1 of 2")]
    public void AnEntryThatDoesNotFitIsDamaged(int extent, int type, string offset, long size, int shard, string word)
    {
        scratch.Write(Data, new byte[8]);
        byte[] entry = new WireWriter().Varint(1, type).Message(2, Dims([extent])).Varint(3, shard).Varint(4, long.Parse(offset)).Varint(5, size).ToArray();

        Assert.That(() => Checkpoint.Open(scratch.Write("m.index", new TableWriter().Add("", Header(2)).Add("w", entry).ToArray())), Refuses.With(ErrorCode.FileDamaged, word));
    }

    [Test]
    public void WhatIsNotReadIsSaid()
    {
        byte[] sliced = new WireWriter().Varint(1, 1).Message(7, new WireWriter()).ToArray();
        byte[] twoSlices = Meta(Declared("w", 1, [2]).Message(4, new WireWriter()).Message(4, new WireWriter()));
        Assert.Multiple(() =>
        {
            Assert.That(() => Open("m.index", new TableWriter().Add("", Header(1)).Add("w", sliced)), Refuses.With(ErrorCode.UnsupportedFormat, "slices"));
            Assert.That(() => Open("m.ckpt", new TableWriter().Add("", twoSlices)), Refuses.With(ErrorCode.UnsupportedFormat, "slices"));
            Assert.That(() => Open("m.ckpt", First(new TableWriter { Compression = 1 })), Refuses.With(ErrorCode.UnsupportedFormat, "compressed"));
            Assert.That(() => Open("m.index", new TableWriter().Add("", new WireWriter().Varint(1, 1).Varint(2, 1).ToArray())), Refuses.With(ErrorCode.UnsupportedFormat, "big-endian"));
            Assert.That(() => Open("m.index", new TableWriter().Add("", Header(513))), Refuses.With(ErrorCode.FileRefused, "513"));
        });
    }

    [Test]
    public void TablesThatContradictThemselvesAreDamaged()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => Open("m.ckpt", First(new TableWriter { PerBlock = 1, RepeatsFirstBlock = true })), Refuses.With(ErrorCode.FileDamaged, "overlap"));
            Assert.That(() => Open("m.ckpt", new TableWriter().Add("", Meta(Declared("w", 1, [1])))), Refuses.With(ErrorCode.FileDamaged, "'w'", "does not hold"));
            Assert.That(() => Open("m.ckpt", new TableWriter().Add("", Meta()).Add("k", Slice("w", t => t.Raw(5, Floats(1))))), Refuses.With(ErrorCode.FileDamaged, "'w'", "does not declare"));
            Assert.That(() => Open("m.ckpt", new TableWriter().Add("", Meta(Declared("w", 1, [2]))).Add("k", Slice("w", t => t.Raw(5, Floats(1))))), Refuses.With(ErrorCode.FileDamaged, "'w'", "do not fill"));
            Assert.That(() => Open("m.ckpt", new TableWriter().Add("", Meta(Declared("w", 1, [-2]))).Add("k", Slice("w", t => t))), Refuses.With(ErrorCode.FileDamaged, "shape"));
        });
    }

    [TestCase(false), TestCase(true)]
    public void ATruncatedTableIsRefusedWhereverItEnds(bool isSecond)
    {
        string name = isSecond ? "m.index" : "m.ckpt";
        byte[] bytes = File.ReadAllBytes(isSecond ? WriteSecond(new TableWriter()) : scratch.Write(name, First(new TableWriter()).ToArray()));
        for (int length = 0; length < bytes.Length; length++)
            Assert.That(() => Checkpoint.Open(scratch.Write(name, bytes[..length])), Throws.TypeOf<VkInceptionException>(), $"cut to {length} bytes");
    }

    [TestCase(false), TestCase(true)]
    public void AnyFlippedBitOfABlockIsFound(bool isSecond)
    {
        string name = isSecond ? "m.index" : "m.ckpt";
        byte[] bytes = File.ReadAllBytes(isSecond ? WriteSecond(new TableWriter()) : scratch.Write(name, First(new TableWriter()).ToArray()));
        for (int at = 0; at < bytes.Length - 48; at++)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= (byte)(1 << (at % 8));
            // The metaindex, the last but one block, is empty and never looked at.
            if (Attempt.Read(scratch.Write(name, damaged)) is not { } error) Assert.That(at, Is.InRange(bytes.Length - 48 - 80, bytes.Length - 48));
            else Assert.That(error, Is.TypeOf<VkInceptionException>());
        }
    }

    /// <summary>Damage under a good seal: what an attacker writes, not what a disk does.</summary>
    [TestCase(false), TestCase(true)]
    public void DamageUnderAGoodSealNeverEscapesAsAnythingElse(bool isSecond)
    {
        var random = new Random(20161130);
        byte[][] patterns = [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]];
        int refused = 0;
        for (int round = 0; round < 400; round++)
        {
            byte[] Damage(byte[] block)
            {
                byte[] damaged = [.. block];
                if (random.Next(4) != 0) return damaged;
                byte[] pattern = patterns[random.Next(patterns.Length)];
                if (random.Next(2) == 0) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                else pattern.AsSpan(0, Math.Min(pattern.Length, damaged.Length)).CopyTo(damaged.AsSpan(random.Next(Math.Max(1, damaged.Length - pattern.Length))));
                return damaged;
            }
            var writer = new TableWriter { Damage = Damage, PerBlock = random.Next(1, 4) };
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exception? error = Attempt.Read(isSecond ? WriteSecond(writer) : scratch.Write("m.ckpt", First(writer).ToArray()));
            Assert.That(error, Is.Null.Or.TypeOf<VkInceptionException>(), $"round {round}: {error}");
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(32 << 20));
            refused += error is null ? 0 : 1;
        }
        Assert.That(refused, Is.GreaterThan(40));
    }

    private static TableWriter First(TableWriter writer) => writer
        .Add("", Meta(Declared("InceptionV3/a/weights", 1, [1, 1, 2, 2]), Declared("InceptionV3/b", 2, [2]), Declared("c", 1, []), Declared("global_step", 9, [])))
        .Add("\u0001a", Slice("InceptionV3/a/weights", t => t.Varint(1, 1).Raw(5, Floats(1, 2, 3, 4))))
        .Add("\u0001b", Slice("InceptionV3/b", t => t.Double(6, 5).Double(6, 6)))
        .Add("\u0001c", Slice("c", t => t.Raw(4, Floats(7))))
        .Add("\u0002", Slice("global_step", t => t.Varint(10, 100)));

    private string WriteSecond(TableWriter writer)
    {
        byte[] kernel = Floats(1, 2, 3, 4), steps = [9, 0, 0, 0, 0, 0, 0, 0], b = Floats(-1);
        scratch.Write(Data, [.. kernel, .. steps]);
        scratch.Write(More, [0, 0, .. b]);
        return scratch.Write("m.index", writer.Add("", Header(2)).Add("a/kernel", Entry(1, [2, 2], 0, 0, kernel)).Add("a/steps", Entry(9, [], 0, 16, steps))
            .Add("b", Entry(1, [1], 1, 2, b)).Add("text", new WireWriter().Varint(1, 7).Varint(5, 3).ToArray()).ToArray());
    }

    private Checkpoint Second(TableWriter writer) => Checkpoint.Open(WriteSecond(writer));

    private Checkpoint Open(string name, TableWriter table) => Checkpoint.Open(scratch.Write(name, table.ToArray()));

    private static byte[] Header(int shards) => new WireWriter().Varint(1, shards).ToArray();

    private static byte[] Entry(int type, int[] shape, int shard, long offset, byte[] bytes)
        => new WireWriter().Varint(1, type).Message(2, Dims(shape)).Varint(3, shard).Varint(4, offset).Varint(5, bytes.Length).Fixed32(6, TableWriter.Seal(bytes)).ToArray();

    private static byte[] Meta(params WireWriter[] tensors) => new WireWriter().Message(1, tensors.Aggregate(new WireWriter(), (meta, tensor) => meta.Message(1, tensor))).ToArray();

    private static WireWriter Declared(string name, int type, int[] shape) => new WireWriter().Text(1, name).Message(2, Dims(shape)).Varint(3, type).Message(4, new WireWriter());

    private static byte[] Slice(string name, Func<WireWriter, WireWriter> values)
        => new WireWriter().Message(2, new WireWriter().Text(1, name).Message(2, new WireWriter()).Message(3, values(new WireWriter()))).ToArray();

    private static WireWriter Dims(int[] shape) => shape.Aggregate(new WireWriter(), (w, d) => w.Message(2, new WireWriter().Varint(1, d)));

    private static byte[] Floats(params float[] values)
    {
        var bytes = new byte[4 * values.Length];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return bytes;
    }
}
