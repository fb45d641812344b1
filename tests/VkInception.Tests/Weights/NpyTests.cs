using System.Collections.Immutable;
using NUnit.Framework;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

[TestFixture]
public sealed class NpyTests
{
    [TestCase("f4.npy")]
    [TestCase("f4_fortran.npy")]
    [TestCase("f4_big.npy")]
    public void EveryLayoutGivesTheSameArray(string name)
    {
        NpyArray<float> array = NpyReader.ReadFloat32(Golden.File(name));
        Assert.That(array.Shape, Is.EqualTo(new[] { 2, 3, 4 }));
        Assert.That(array.Values, Is.EqualTo(Golden.Values(24, 0)));
    }

    [TestCase("f8_big_fortran.npy", ElementType.Float64, new[] { 3, 5 }, 1)]
    [TestCase("f2.npy", ElementType.Float16, new[] { 5 }, 2)]
    [TestCase("v2.npy", ElementType.Float32, new[] { 2, 3 }, 3)]
    [TestCase("v3.npy", ElementType.Float32, new[] { 2, 3 }, 3)]
    [TestCase("empty.npy", ElementType.Float32, new[] { 0, 3 }, 0)]
    public void TypesAndVersionsAreRead(string name, ElementType type, int[] shape, int number)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.File(name));
        NamedTensor tensor = checkpoint.Tensors.Single();
        Assert.That(checkpoint.Format, Is.EqualTo("npy"));
        Assert.That(tensor.Type, Is.EqualTo(type));
        Assert.That(tensor.Shape, Is.EqualTo(shape));
        Assert.That(tensor.ToFloat32(), Is.EqualTo(Golden.Values((int)tensor.Count, number)));
    }

    [TestCase("i1.npy")]
    [TestCase("i2.npy")]
    [TestCase("i4.npy")]
    [TestCase("i8.npy")]
    [TestCase("u1.npy")]
    public void IntegersAreReadExactly(string name)
    {
        NpyArray<long> array = NpyReader.ReadInt64(Golden.File(name));
        Assert.That(array.Shape, Is.EqualTo(new[] { 2, 3 }));
        Assert.That(array.Values, Is.EqualTo(new long[] { 0, 1, 2, 3, 4, 5 }));
    }

    [Test]
    public void ScalarsAndBooleansAreRead()
    {
        NpyArray<float> scalar = NpyReader.ReadFloat32(Golden.File("scalar_f8.npy"));
        Assert.That(scalar.Shape, Is.Empty);
        Assert.That(scalar.Values, Is.EqualTo(new[] { 2.5f }));
        Assert.That(NpyReader.ReadInt64(Golden.File("b1.npy")).Values, Is.EqualTo(new long[] { 1, 0, 1 }));
    }

    [Test]
    public void FloatsAreNoLabels() =>
        Assert.That(() => NpyReader.ReadInt64(Golden.File("f4.npy")), Refuses.With(ErrorCode.UnsupportedFormat, "integers"));

    [Test]
    public void ObjectsAreRefused() =>
        Assert.That(() => NpyReader.ReadFloat32(Golden.File("object.npy")), Refuses.With(ErrorCode.FileRefused, "Python objects"));

    [Test]
    public void AnotherFormatIsNoArray() =>
        Assert.That(() => NpyReader.ReadFloat32(Golden.File("two.safetensors")), Refuses.With(ErrorCode.UnsupportedFormat, "safetensors"));

    [Test]
    public void WrittenBytesAreNumPys()
    {
        using var scratch = new ScratchFolder();
        NpyWriter.Write(scratch["f4.npy"], [2, 3, 4], Golden.Values(24, 0));
        Assert.That(File.ReadAllBytes(scratch["f4.npy"]), Is.EqualTo(Golden.Bytes("f4.npy")));
        NpyWriter.Write(scratch["i8.npy"], [2, 3], new long[] { 0, 1, 2, 3, 4, 5 });
        Assert.That(File.ReadAllBytes(scratch["i8.npy"]), Is.EqualTo(Golden.Bytes("i8.npy")));
    }

    [Test]
    public void WhatIsWrittenIsReadBack([Values(0, 1, 2)] int kind)
    {
        ImmutableArray<int> shape = kind switch { 0 => [], 1 => [70_001], _ => [1, 0, 5] };
        float[] values = Golden.Values(shape.Aggregate(1, (a, b) => a * b), 4);
        using var scratch = new ScratchFolder();
        NpyWriter.Write(scratch["x.npy"], shape, values);
        NpyArray<float> back = NpyReader.ReadFloat32(scratch["x.npy"]);
        Assert.That(back.Shape, Is.EqualTo(shape));
        Assert.That(back.Values, Is.EqualTo(values));
    }

    [Test]
    public void ValuesMustFillTheShape() =>
        Assert.That(() => NpyWriter.Write("x.npy", [2, 3], new float[5]), Refuses.With(ErrorCode.ShapeMismatch, "2×3"));

    [TestCase("(9223372036854775807,)")]
    [TestCase("(2147483647, 2147483647, 2147483647)")]
    [TestCase("(1000000000000,)")]
    [TestCase("(-1, 3)")]
    [TestCase("(2, 3, 5)")]
    [TestCase("(99999999999999999999999,)")]
    [TestCase("(2,,4)")]
    [TestCase("2, 3, 4")]
    public void ImpossibleShapesAreRefused(string shape)
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.npy", Npy($"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n", new byte[96]));
        Assert.That(() => NpyReader.ReadFloat32(path), Refuses.With(ErrorCode.FileDamaged));
    }

    [TestCase("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", ErrorCode.UnsupportedFormat)]
    [TestCase("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", ErrorCode.UnsupportedFormat)]
    [TestCase("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }", ErrorCode.FileDamaged)]
    [TestCase("{'descr': '<f4', 'shape': (1,), }", ErrorCode.FileDamaged)]
    [TestCase("__import__('os').system('true')", ErrorCode.FileDamaged)]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1", ErrorCode.FileDamaged)]
    public void OddHeadersAreRefused(string header, ErrorCode code)
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.npy", Npy(header, new byte[4]));
        Assert.That(() => NpyReader.ReadFloat32(path), Refuses.With(code));
    }

    private static byte[] Npy(string header, byte[] data) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. System.Text.Encoding.ASCII.GetBytes(header), .. data];
}
