using NUnit.Framework;
using VkInception.Tests.House;
using VkInception.Weights;

namespace VkInception.Tests.GraphFiles;

public class OnnxModelTests
{
    [Test]
    public void EveryElementTypeIsReadFromEveryField()
    {
        byte[] model = Model(
            Tensor("raw", 1, 2).Raw(9, [0, 0, 128, 63, 0, 0, 0, 64]),
            Tensor("floats", 1, 2).PackedFloats(4, 1, 2),
            Tensor("loose", 1, 2).Float(4, 1).Float(4, 2),
            Tensor("doubles", 11, 2).Double(10, 1).Double(10, 2),
            Tensor("int64", 7, 2).PackedVarints(7, -1, long.MaxValue),
            Tensor("int32", 6, 2).PackedVarints(5, -5, 7),
            Tensor("half", 10, 2).PackedVarints(5, 0x3C00, 0x4000),
            Tensor("bfloat", 16, 2).Raw(9, [128, 63, 0, 64]),
            Tensor("uint8", 2, 2).Raw(9, [255, 0]),
            new WireWriter().Varint(2, 1).Text(8, "scalar").Float(4, 3));
        using var file = new ScratchFile("a.onnx", model);
        using Checkpoint checkpoint = Checkpoint.Open(file.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(checkpoint.Format, Is.EqualTo("onnx"));
            foreach (string name in (string[])["raw", "floats", "loose", "doubles", "half", "bfloat"]) Assert.That(Get(name).ToFloat32(), Is.EqualTo(new float[] { 1, 2 }), name);
            Assert.That(Get("int64").ToInt64(), Is.EqualTo(new[] { -1, long.MaxValue }));
            Assert.That(Get("int32").ToInt64(), Is.EqualTo(new long[] { -5, 7 }));
            Assert.That(Get("uint8").ToInt64(), Is.EqualTo(new long[] { 255, 0 }));
            Assert.That(Get("scalar").ToFloat32(), Is.EqualTo(new float[] { 3 }));
            Assert.That(Get("scalar").Shape, Is.Empty);
        }

        NamedTensor Get(string name) => checkpoint.TryGet(name, out NamedTensor? tensor) ? tensor : throw new KeyNotFoundException(name);
    }

    [Test]
    public void NodesAttributesAndValuesAreRead()
    {
        WireWriter node = new WireWriter().Text(1, "x").Text(1, "").Text(2, "y").Text(3, "n").Text(4, "Conv").Text(7, "ai.onnx")
            .Message(5, new WireWriter().Text(1, "pads").PackedVarints(8, 1, 1).Varint(8, -2).Varint(20, 7))
            .Message(5, new WireWriter().Text(1, "alpha").Float(2, 0.5f))
            .Message(5, new WireWriter().Text(1, "mode").Text(4, "SAME_UPPER"))
            .Message(5, new WireWriter().Text(1, "value").Message(5, Tensor("", 1, 1).Float(4, 9)))
            .Message(5, new WireWriter().Text(1, "scales").Float(7, 1).PackedFloats(7, 2, 3));
        WireWriter shape = new WireWriter().Message(1, new WireWriter().Text(2, "batch")).Message(1, new WireWriter().Varint(1, 3));
        WireWriter input = new WireWriter().Text(1, "x").Message(2, new WireWriter().Message(1, new WireWriter().Varint(1, 1).Message(2, shape)));
        byte[] bytes = new WireWriter().Varint(1, 7).Text(2, "maker").Text(3, "1.0")
            .Message(7, new WireWriter().Text(2, "g").Message(1, node).Message(11, input).Message(12, new WireWriter().Text(1, "y")))
            .Message(8, new WireWriter().Text(1, "").Varint(2, 13)).ToArray();
        using var file = new ScratchFile("a.onnx", bytes);
        using OnnxModel model = OnnxModel.Open(file.Path);
        OnnxNode read = model.Graph.Nodes[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(model.Opsets[""], Is.EqualTo(13));
            Assert.That(model.Producer, Is.EqualTo("maker 1.0"));
            Assert.That((read.OpType, read.Name, read.Domain), Is.EqualTo(("Conv", "n", "")));
            Assert.That(read.Inputs, Is.EqualTo(new[] { "x", "" }));
            Assert.That(read.Attributes["pads"].Ints, Is.EqualTo(new long[] { 1, 1, -2 }));
            Assert.That(read.Attributes["alpha"].Float, Is.EqualTo(0.5f));
            Assert.That(read.Attributes["mode"].Text, Is.EqualTo("SAME_UPPER"));
            Assert.That(read.Attributes["value"].Tensor!.ToFloat32(), Is.EqualTo(new float[] { 9 }));
            Assert.That(read.Attributes["scales"].Floats, Is.EqualTo(new float[] { 1, 2, 3 }));
            Assert.That(string.Join(',', model.Graph.Inputs[0].Dimensions!), Is.EqualTo("batch,3"));
            Assert.That(model.Graph.Outputs[0].Dimensions, Is.Null);
        }
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case(ErrorCode.UnsupportedFormat, "another file", Model(Tensor("w", 1, 2).Varint(14, 1).Message(13, new WireWriter().Text(1, "location").Text(2, "w.bin"))));
        yield return Case(ErrorCode.UnsupportedFormat, "strings", Model(Tensor("w", 8, 1).Text(6, "s")));
        yield return Case(ErrorCode.FileDamaged, "'w' of shape 2 has 1 elements", Model(Tensor("w", 1, 2).Float(4, 1)));
        yield return Case(ErrorCode.FileDamaged, "raw data", Model(Tensor("w", 1, 2).Raw(9, [1, 2, 3])));
        yield return Case(ErrorCode.FileDamaged, "impossible", Model(Tensor("w", 1, long.MaxValue)));
        yield return Case(ErrorCode.FileDamaged, "impossible", Model(new WireWriter().PackedVarints(1, int.MaxValue, int.MaxValue, int.MaxValue).Varint(2, 1).Text(8, "w")));
        yield return Case(ErrorCode.FileDamaged, "two tensors named 'w'", Model(Tensor("w", 1, 1).Float(4, 1), Tensor("w", 1, 1).Float(4, 1)));
        yield return Case(ErrorCode.FileDamaged, "claims", new WireWriter().Varint(1, 7).Claim(7, 1UL << 62, [1, 2]).ToArray());
        yield return Case(ErrorCode.FileDamaged, "wire type 3", new WireWriter().Varint(1, 7).Key(7, 3).Key(7, 4).ToArray());
        yield return Case(ErrorCode.FileDamaged, "field number 0", new WireWriter().Varint(1, 7).Varint(0, 1).ToArray());
        yield return Case(ErrorCode.FileDamaged, "ten bytes", [0x08, .. Enumerable.Repeat((byte)0xFF, 20)]);
        yield return Case(ErrorCode.UnsupportedFormat, "no graph", new WireWriter().Varint(1, 7).ToArray());
        yield return Case(ErrorCode.FileDamaged, "control", Model(Tensor("w\nv", 1, 1).Float(4, 1)));
        yield return Case(ErrorCode.FileRefused, "nodes, attributes and names", Bomb());

        static TestCaseData Case(ErrorCode code, string part, byte[] model) => new TestCaseData(code, part, model).SetArgDisplayNames($"{part}");
    }

    [TestCaseSource(nameof(Refused))]
    public void ABadModelIsRefusedInOneLine(ErrorCode code, string part, byte[] model)
    {
        using var file = new ScratchFile("a.onnx", model);
        VkInceptionException e = Assert.Throws<VkInceptionException>(() => Checkpoint.Open(file.Path))!;
        Assert.That(e.Message, Does.Contain(part).And.StartsWith(file.Path).And.Not.Contains('\n'));
        Assert.That(e.Code, Is.EqualTo(code));
    }

    [Test]
    public void DamagedModelsNeverRaiseAnotherException()
    {
        byte[] good = Model(
            Tensor("w", 1, 2, 1).Raw(9, [0, 0, 128, 63, 0, 0, 0, 64]), Tensor("i", 7, 3).PackedVarints(7, 1, 300, -1), Tensor("h", 10, 2).PackedVarints(5, 0x3C00, 1));
        using var file = new ScratchFile("a.onnx", [0]);
        foreach (byte[] bad in Damage.Of(good, 2000, seed: 4))
        {
            file.Rewrite(bad);
            Damage.Survives(() => ReadAll(file.Path), Convert.ToHexString(bad));
        }
    }

    [Test]
    public void TheTrainedModelIsReadWithoutHoldingIt()
    {
        string path = Repository.SharedData("onnx/googlenet_imagenet.onnx");
        long before = GC.GetAllocatedBytesForCurrentThread();
        using OnnxModel model = OnnxModel.Open(path);
        long kept = GC.GetAllocatedBytesForCurrentThread() - before;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(model.Graph.Nodes, Has.Count.EqualTo(161));
            Assert.That(model.Graph.Initializers.Sum(t => t.Count), Is.EqualTo(11_650_000).Within(50_000));
            Assert.That(model.Opsets[""], Is.EqualTo(13));
            Assert.That(kept, Is.LessThan(2 << 20));
        }
    }

    internal static WireWriter Tensor(string name, int type, params ReadOnlySpan<long> dims)
    {
        var tensor = new WireWriter();
        foreach (long d in dims) tensor.Varint(1, d);
        return tensor.Varint(2, type).Text(8, name);
    }

    private static byte[] Model(params ReadOnlySpan<WireWriter> initializers)
    {
        WireWriter graph = new WireWriter().Text(2, "g");
        foreach (WireWriter tensor in initializers) graph.Message(5, tensor);
        return new WireWriter().Varint(1, 7).Message(7, graph).ToArray();
    }

    // Two bytes per node: a small file that would become gigabytes of objects.
    private static byte[] Bomb()
    {
        var graph = new byte[2_000_000];
        for (int i = 0; i < graph.Length; i += 2) graph[i] = 0x0A;
        return new WireWriter().Varint(1, 7).Raw(7, graph).ToArray();
    }

    private static void ReadAll(string path)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        foreach (NamedTensor tensor in checkpoint.Tensors) tensor.ToFloat32();
    }
}
