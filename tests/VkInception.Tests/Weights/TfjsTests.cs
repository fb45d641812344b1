using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

/// <summary>TensorFlow.js models: a manifest, and weights in pieces that do not respect the tensors.</summary>
[TestFixture]
public sealed class TfjsTests
{
    private const string Plain = """
        { "format": "layers-model", "modelTopology": { "model_config": { "config": [[1, [2, [3]]]] } },
          "weightsManifest": [ { "paths": ["a.bin", "empty.bin", "b.bin"], "weights": [
            { "name": "conv2d_1/kernel", "shape": [1, 1, 2, 3], "dtype": "float32" },
            { "name": "conv2d_1/bias", "shape": [3], "dtype": "float32", "note": "passed over" } ] },
            { "paths": ["c.bin"], "weights": [ { "name": "counter", "dtype": "int32", "shape": [] } ] } ] }
        """;

    private ScratchFolder scratch = null!;

    [SetUp]
    public void MakeFolder() => scratch = new ScratchFolder();

    [TearDown]
    public void DropFolder() => scratch.Dispose();

    [TestCase(Plain)]
    [TestCase("\uFEFF" + Plain, TestName = "A byte order mark is passed over")]
    public void TensorsLieAcrossTheFilesOfAGroup(string json)
    {
        byte[] floats = Floats(0, 1, 2, 3, 4, 5, -1, -2, -3);
        scratch.Write("a.bin", floats[..10]);
        scratch.Write("empty.bin", []);
        scratch.Write("b.bin", floats[10..]);
        scratch.Write("c.bin", [7, 0, 0, 0]);

        Assert.That(() => Open(json), Refuses.With(ErrorCode.FileDamaged, "empty.bin", "no bytes"), "an empty file is none of any format");
        using Checkpoint checkpoint = Open(json.Replace("\"empty.bin\", ", "", StringComparison.Ordinal));

        Assert.That(checkpoint.Format, Is.EqualTo("tfjs"));
        Assert.That(checkpoint.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "conv2d_1/kernel", "conv2d_1/bias", "counter" }));
        Assert.That(checkpoint.Tensors[0].Shape, Is.EqualTo(new[] { 1, 1, 2, 3 }));
        Assert.That(checkpoint.Tensors[0].ToFloat32(), Is.EqualTo(new float[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(checkpoint.Tensors[1].ToFloat32(), Is.EqualTo(new float[] { -1, -2, -3 }));
        Assert.That(checkpoint.Tensors[2].ToInt64(), Is.EqualTo(new long[] { 7 }));
    }

    [Test]
    public void TheChecksumIsOfAllFiles()
    {
        scratch.Write("w.bin", Floats(1, 2));
        string json = Model("""{ "name": "w", "shape": [2], "dtype": "float32" }""");
        using Checkpoint first = Open(json);
        string before = first.ComputeSha256();
        scratch.Write("w.bin", Floats(1, 3));
        using Checkpoint second = Open(json);

        Assert.That(second.ComputeSha256(), Is.Not.EqualTo(before));
        byte[] all = [.. Encoding.UTF8.GetBytes(json), .. Floats(1, 2)];
        Assert.That(before, Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(all))));
    }

    [Test]
    public void QuantizedTensorsAreTheirValues()
    {
        // Odd lengths, so that later tensors begin at odd bytes; more elements than one chunk.
        byte[] many = [.. Enumerable.Range(0, 20_001).Select(i => (byte)(i * 7))];
        byte[] two = [0x01, 0x00, 0xFF, 0xFF], half = new byte[2];
        BinaryPrimitives.WriteHalfLittleEndian(half, (Half)1.5);
        scratch.Write("w.bin", [.. many, .. two, .. half]);
        using Checkpoint checkpoint = Open(Model("""
            { "name": "q8", "shape": [3, 6667], "dtype": "float32", "quantization": { "dtype": "uint8", "scale": 0.1, "min": -2.5, "original_dtype": "float32" } },
            { "name": "q16", "shape": [2], "dtype": "float32", "quantization": { "dtype": "uint16", "scale": 0.0001, "min": 3 } },
            { "name": "f16", "shape": [1], "dtype": "float32", "quantization": { "dtype": "float16" } }
            """));

        Assert.That(checkpoint.Tensors[0].ToFloat32(), Is.EqualTo(many.Select(q => (float)(q * 0.1 - 2.5))));
        Assert.That(checkpoint.Tensors[1].ToFloat32(), Is.EqualTo(new[] { (float)(1 * 0.0001 + 3), (float)(65535 * 0.0001 + 3) }));
        Assert.That(checkpoint.Tensors[2].ToFloat32(), Is.EqualTo(new[] { 1.5f }));
        Assert.That(checkpoint.Notes, Has.Some.Contains("3 tensors are stored in 8 or 16 bits"));
    }

    [Test]
    public void AQuantizedTensorIsTheSameReadInAnyPieces()
    {
        byte[] many = [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 13))];
        scratch.Write("w.bin", many);
        using Checkpoint checkpoint = Open(Model("""{ "name": "q", "shape": [9000], "dtype": "float32", "quantization": { "dtype": "uint8", "scale": 0.25, "min": -8 } }"""));
        var whole = new MemoryStream();
        using Stream stream = checkpoint.Tensors[0].OpenRead();
        var piece = new byte[7];
        for (int read; (read = stream.Read(piece)) > 0;) whole.Write(piece, 0, read);

        Assert.That(whole.ToArray(), Is.EqualTo(Floats([.. many.Select(q => q * 0.25f - 8)])));
    }

    [Test]
    public void TheOlderFormIsTheManifestAlone()
    {
        scratch.Write("w.bin", Floats(4));
        using Checkpoint checkpoint = Open("""[{"paths":["w.bin"],"weights":[{"name":"v","shape":[1],"dtype":"float32"}]}]""");

        Assert.That(checkpoint.Tensors[0].ToFloat32(), Is.EqualTo(new float[] { 4 }));
    }

    [Test]
    public void WhatIsNoNumberOfANetworkIsLeftOutAndSaidSo()
    {
        scratch.Write("w.bin", [.. new byte[16], .. Floats(4)]);
        using Checkpoint checkpoint = Open(Model("""{ "name": "c", "shape": [2], "dtype": "complex64" }, { "name": "v", "shape": [1], "dtype": "float32" }"""));

        Assert.That(checkpoint.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "v" }));
        Assert.That(checkpoint.Tensors[0].ToFloat32(), Is.EqualTo(new float[] { 4 }));
        Assert.That(checkpoint.Notes, Has.Some.Contains("'c'").And.Some.Contains("left out"));
    }

    [TestCase("../w.bin"), TestCase("/etc/hostname"), TestCase(@"..\\w.bin"), TestCase("sub/w.bin"), TestCase(".."), TestCase("."), TestCase(""), TestCase("C:w.bin"), TestCase(@"w\u0000.bin"), TestCase(@"w\n.bin")]
    public void WeightsOutsideTheFolderAreRefused(string path)
    {
        scratch.Write("w.bin", Floats(1));

        Assert.That(() => Open($$"""{"weightsManifest":[{"paths":["{{path}}"],"weights":[]}]}"""), Refuses.With(ErrorCode.FileRefused, "outside its folder"));
    }

    [Test]
    public void MissingWeightsAreNamed()
        => Assert.That(() => Open(Model("""{ "name": "v", "shape": [1], "dtype": "float32" }""")), Refuses.With(ErrorCode.FileNotFound, "w.bin", "beside"));

    [TestCase("""{ "name": "v", "shape": [3], "dtype": "float32" }""", ErrorCode.FileDamaged, "truncated")]
    [TestCase("""{ "name": "v", "shape": [1], "dtype": "float32" }""", ErrorCode.FileDamaged, "belong to another model")]
    [TestCase("""{ "name": "v", "shape": [-1], "dtype": "float32" }""", ErrorCode.FileDamaged, "shape")]
    [TestCase("""{ "name": "v", "shape": [2147483647, 2147483647, 2147483647], "dtype": "float32" }""", ErrorCode.FileDamaged, "shape")]
    [TestCase("""{ "name": "v", "shape": [2147483647, 1073741824], "dtype": "uint8" }""", ErrorCode.FileDamaged, "shape")]
    [TestCase("""{ "name": "v", "shape": [2147483647, 1000000], "dtype": "uint8" }""", ErrorCode.FileDamaged, "truncated")]
    [TestCase("""{ "name": "v", "shape": [1e99], "dtype": "float32" }""", ErrorCode.FileDamaged, "shape")]
    [TestCase("""{ "name": "v", "shape": 2, "dtype": "float32" }""", ErrorCode.FileDamaged, "shape")]
    [TestCase("""{ "name": "v", "shape": [2], "dtype": "string" }""", ErrorCode.UnsupportedFormat, "string")]
    [TestCase("""{ "name": "v", "shape": [2] }""", ErrorCode.FileDamaged, "dtype")]
    [TestCase("""{ "name": "v", "dtype": "float32" }""", ErrorCode.FileDamaged, "shape")]
    [TestCase("""{ "shape": [2], "dtype": "float32" }""", ErrorCode.FileDamaged, "name")]
    [TestCase("""{ "name": "v", "shape": [1], "dtype": "float32" }, { "name": "v", "shape": [1], "dtype": "float32" }""", ErrorCode.FileDamaged, "two tensors")]
    [TestCase("""{ "name": "v", "shape": [8], "dtype": "float32", "quantization": { "dtype": "uint8", "scale": 1e999, "min": 0 } }""", ErrorCode.FileDamaged, "scale")]
    [TestCase("""{ "name": "v", "shape": [8], "dtype": "float32", "quantization": { "scale": 1 } }""", ErrorCode.FileDamaged, "dtype")]
    [TestCase("""{ "name": "v", "shape": [2], "dtype": "float32" } ] } ], "weightsManifest": [ { "paths": [], "weights": [""", ErrorCode.FileDamaged, "twice")]
    [TestCase("""7""", ErrorCode.FileDamaged, "a weight")]
    public void AManifestThatDoesNotFitIsRefused(string weights, ErrorCode code, string word)
    {
        scratch.Write("w.bin", Floats(1, 2));

        Assert.That(() => Open(Model(weights)), Refuses.With(code, word));
    }

    [TestCase("{}", ErrorCode.UnsupportedFormat, "weightsManifest")]
    [TestCase("{\"a\":", ErrorCode.FileDamaged, "JSON")]
    [TestCase("{\"weightsManifest\":[]} x", ErrorCode.FileDamaged, "JSON")]
    [TestCase("{\"weightsManifest\":{}}", ErrorCode.FileDamaged, "StartArray")]
    [TestCase("{\"weightsManifest\":[{\"paths\":[]}]}", ErrorCode.FileDamaged, "weights")]
    public void JsonThatIsNoModelIsRefused(string json, ErrorCode code, string word) => Assert.That(() => Open(json), Refuses.With(code, word));

    [Test]
    public void JsonNestedWithoutEndIsRefused() => Assert.That(() => Open($"{{\"modelTopology\":{new string('[', 100_000)}"), Refuses.With(ErrorCode.FileDamaged, "JSON"));

    [Test]
    public void FilesWithoutNumberAreRefused()
    {
        string paths = string.Join(',', Enumerable.Repeat("\"w.bin\"", 513));
        scratch.Write("w.bin", Floats(1));

        Assert.That(() => Open($$"""{"weightsManifest":[{"paths":[{{paths}}],"weights":[]}]}"""), Refuses.With(ErrorCode.FileRefused, "512"));
    }

    [Test]
    public void ADamagedManifestNeverEscapesAsAnythingElse()
    {
        scratch.Write("a.bin", Floats(0, 1, 2, 3, 4, 5));
        scratch.Write("b.bin", Floats(-1, -2, -3));
        scratch.Write("c.bin", [7, 0, 0, 0]);
        byte[] json = Encoding.UTF8.GetBytes(Plain.Replace("\"empty.bin\", ", "", StringComparison.Ordinal));
        var random = new Random(20180330);
        int refused = 0;
        for (int round = 0; round < 1500; round++)
        {
            byte[] damaged = [.. json];
            for (int flips = random.Next(1, 4); flips > 0; flips--) damaged[random.Next(json.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                using Checkpoint checkpoint = Checkpoint.Open(scratch.Write("model.json", damaged));
                foreach (NamedTensor tensor in checkpoint.Tensors) tensor.ToFloat32();
            }
            catch (VkInceptionException)
            {
                refused++;
            }
        }
        Assert.That(refused, Is.GreaterThan(150));
    }

    private static string Model(string weights) => $$"""{"weightsManifest":[{"paths":["w.bin"],"weights":[{{weights}}]}]}""";

    private static byte[] Floats(params float[] values)
    {
        var bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
        return bytes;
    }

    private Checkpoint Open(string json) => Checkpoint.Open(scratch.Write("model.json", Encoding.UTF8.GetBytes(json)));
}
