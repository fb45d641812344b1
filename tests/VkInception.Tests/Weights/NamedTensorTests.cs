using NUnit.Framework;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

[TestFixture]
public sealed class NamedTensorTests
{
    private static readonly object[][] elements =
    [
        [ElementType.Float32, new byte[] { 0, 0, 0xC0, 0xBF }, -1.5],
        [ElementType.Float64, new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0xBF }, -1.5],
        [ElementType.Float16, new byte[] { 0, 0xBE }, -1.5],
        [ElementType.BFloat16, new byte[] { 0xC0, 0xBF }, -1.5],
        [ElementType.Int8, new byte[] { 0xFE }, -2.0],
        [ElementType.UInt8, new byte[] { 0xFE }, 254.0],
        [ElementType.Int16, new byte[] { 0xFE, 0xFF }, -2.0],
        [ElementType.UInt16, new byte[] { 0xFE, 0xFF }, 65534.0],
        [ElementType.Int32, new byte[] { 0xFE, 0xFF, 0xFF, 0xFF }, -2.0],
        [ElementType.UInt32, new byte[] { 0, 0, 0, 0xFF }, 4278190080.0],
        [ElementType.Int64, new byte[] { 0, 0, 0, 0, 1, 0, 0, 0 }, 4294967296.0],
        [ElementType.UInt64, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, 9223372036854775808.0],
        [ElementType.Bool, new byte[] { 2 }, 1.0],
    ];

    [TestCaseSource(nameof(elements))]
    public void EveryTypeConverts(ElementType type, byte[] element, double expected)
    {
        // More elements than one chunk holds, so that the seam between chunks is crossed.
        byte[] bytes = [.. Enumerable.Repeat(element, 70_000).SelectMany(e => e)];
        var tensor = new NamedTensor("x", type, [70_000], () => new MemoryStream(bytes));
        Assert.That(tensor.ByteLength, Is.EqualTo(bytes.Length));
        Assert.That(tensor.ToFloat32(), Is.All.EqualTo((float)expected));
        TensorStatistics statistics = TensorStatistics.Of(tensor);
        Assert.That((statistics.Min, statistics.Max), Is.EqualTo((expected, expected)));
        byte[] reversed = [.. bytes];
        type.ReverseEndianness(reversed);
        Assert.That(reversed[..element.Length], Is.EqualTo(Enumerable.Reverse(element)));
    }

    [Test]
    public void IntegersAboveInt64AreRefused()
    {
        var tensor = new NamedTensor("labels", ElementType.UInt64, [1], () => new MemoryStream([0, 0, 0, 0, 0, 0, 0, 0x80]));
        Assert.That(() => tensor.ToInt64(), Refuses.With(ErrorCode.UnsupportedFormat, "labels"));
    }

    [Test]
    public void LargeInt64AreExact()
    {
        long[] values = [long.MaxValue, long.MinValue, (1L << 53) + 1];
        Assert.That(NamedTensor.FromInt64("x", [3], values).ToInt64(), Is.EqualTo(values));
    }

    [Test]
    public void ADestinationMayBeLongerButNotShorter()
    {
        NamedTensor tensor = NamedTensor.FromFloat32("w", [3], Golden.Values(3, 1));
        var destination = new float[5];
        destination[3] = 42;
        tensor.ReadFloat32(destination);
        Assert.That(destination, Is.EqualTo(new[] { -4, -3.75f, -3.5f, 42, 0 }));
        Assert.That(() => tensor.ReadFloat32(new float[2]), Refuses.With(ErrorCode.InvalidArgument, "w", "2"));
    }

    [Test]
    public void AShapeMayChangeButNotItsElements()
    {
        NamedTensor tensor = NamedTensor.FromFloat32("w", [1, 1, 2, 3], Golden.Values(6, 1));
        NamedTensor matrix = tensor.WithShape([2, 3]).WithName("fc.weight");
        Assert.That(matrix.Name, Is.EqualTo("fc.weight"));
        Assert.That(matrix.Shape, Is.EqualTo(new[] { 2, 3 }));
        Assert.That(matrix.ToFloat32(), Is.EqualTo(Golden.Values(6, 1)));
        Assert.That(() => tensor.WithShape([7]), Refuses.With(ErrorCode.ShapeMismatch, "w", "7"));
    }

    [Test]
    public void AStreamThatEndsEarlyIsDamage()
    {
        var tensor = new NamedTensor("w", ElementType.Float32, [3], () => new MemoryStream(new byte[11]));
        Assert.That(() => tensor.ToFloat32(), Refuses.With(ErrorCode.FileDamaged, "w"));
        Assert.That(() => TensorStatistics.Of(tensor), Refuses.With(ErrorCode.FileDamaged, "w"));
        using var scratch = new ScratchFolder();
        Assert.That(() => SafetensorsWriter.Write(scratch["x"], [tensor]), Refuses.With(ErrorCode.FileDamaged, "w"));
        Assert.That(File.Exists(scratch["x"]), Is.False);
    }
}
