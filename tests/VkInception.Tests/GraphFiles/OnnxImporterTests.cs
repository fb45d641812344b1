using System.Text.Json;
using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Graph.Rewrites;
using VkInception.Import;
using VkInception.Tests.House;
using VkInception.Weights;

namespace VkInception.Tests.GraphFiles;

public class OnnxImporterTests
{
    private const string Golden = "tests/VkInception.Tests/GraphFiles/Golden";
    private readonly Stack<IDisposable> open = [];

    [TearDown]
    public void CloseModels()
    {
        while (open.TryPop(out IDisposable? used)) used.Dispose();
    }

    /// <summary>What PyTorch exports computes what PyTorch computes (Golden/make_golden.py), for the batch exported and for another.</summary>
    [Test]
    public void WhatPyTorchExportsComputesWhatItComputed(
        [Values("classic", "shuffle", "arithmetic", "products")] string name, [Values(9, 11, 13, 16)] int opset, [Values(1, 2)] int batch)
    {
        using JsonDocument results = JsonDocument.Parse(File.ReadAllText(Repository.PathOf($"{Golden}/results.json")));
        double[] expected = [.. results.RootElement.GetProperty(name).GetProperty("values").EnumerateArray().Select(v => v.GetDouble())];
        using OnnxModel model = OnnxModel.Open(Repository.PathOf($"{Golden}/{name}-{opset}.onnx"));
        Network network = OnnxImporter.Import(model, batch);
        double[] actual = HostRun.Evaluate(network, i => (float)Math.Sin(0.37 * i), network.Outputs[0]).Data;
        Assert.That(actual, Is.EqualTo(expected[..(expected.Length * batch / 2)]).Within(2e-6));
    }

    [Test]
    public void DamagedGraphsNeverRaiseAnotherException([Values("classic-9", "shuffle-11", "arithmetic-16", "products-13")] string name)
    {
        byte[] good = File.ReadAllBytes(Repository.PathOf($"{Golden}/{name}.onnx"));
        using var file = new ScratchFile("a.onnx", [0]);
        foreach (byte[] bad in Damage.Of(good, 1500, seed: name.Length))
        {
            file.Rewrite(bad);
            Damage.Survives(() => ImportAndRead(file.Path), Convert.ToHexString(bad));
        }
    }

    [Test]
    public void EveryUnsupportedOperatorIsNamedAtOnce()
    {
        VkInceptionException e = Refused(Graph([1, 3, 4, 4],
            Node("Erf", "e1", ["x"], ["a"]), Node("Relu", "r", ["a"], ["b"]), Node("LSTM", "l", ["b"], ["c"]), Node("Erf", "e2", ["c"], ["d"]),
            Node("Softmax", "s", ["d"], ["f"]).Text(7, "com.example"), Node("Erf", "unused", ["x"], ["g"])), "f");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(e.Code, Is.EqualTo(ErrorCode.UnsupportedOperator));
            Assert.That(e.Message, Does.EndWith("uses operators that are not supported: Erf (e1, e2); LSTM (l); Softmax with domain com.example (s)"));
        }
    }

    [Test]
    public void LegacyBroadcastNamesItsAxis()
    {
        WireWriter add = Node("Add", "add", ["x", "c"], ["y"])
            .Message(5, new WireWriter().Text(1, "broadcast").Varint(3, 1)).Message(5, new WireWriter().Text(1, "axis").Varint(3, 1));
        Network network = Import(Graph([1, 2, 2, 2], add).Message(5, OnnxModelTests.Tensor("c", 1, 2).PackedFloats(4, 10, 20)), "y", opset: 6);
        Assert.That(HostRun.Evaluate(network, i => i, network.Outputs[0]).Data, Is.EqualTo(new double[] { 10, 11, 12, 13, 24, 25, 26, 27 }));
    }

    [Test]
    public void SoftmaxOfOldVersionsTakesAllThatFollowsItsAxis()
    {
        WireWriter softmax = Node("Softmax", "s", ["x"], ["y"]);
        Network old = Import(Graph([1, 2, 1, 2], softmax), "y", opset: 11), current = Import(Graph([1, 2, 1, 2], softmax), "y", opset: 13);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(HostRun.Evaluate(old, _ => 1, old.Outputs[0]).Data, Is.All.EqualTo(0.25).Within(1e-12));
            Assert.That(HostRun.Evaluate(current, _ => 1, current.Outputs[0]).Data, Is.All.EqualTo(0.5).Within(1e-12));
        }
    }

    [Test]
    public void AutoPadAndAverageFollowTheSpecification()
    {
        WireWriter pool = Node("AveragePool", "p", ["x"], ["y"]).Message(5, Ints("kernel_shape", 2, 2)).Message(5, Ints("strides", 2, 2))
            .Message(5, new WireWriter().Text(1, "auto_pad").Text(4, "SAME_LOWER"));
        Network network = Import(Graph([1, 1, 3, 3], pool), "y", opset: 11);
        // SAME_LOWER pads one row above and one column to the left; the padding does not count.
        Assert.That(HostRun.Evaluate(network, i => i, network.Outputs[0]).Data, Is.EqualTo(new[] { 0, 1.5, 4.5, 6 }));
    }

    [Test]
    public void AMatrixProductWithAlphaBetaAndTransposesIsExact()
    {
        WireWriter gemm = Node("Gemm", "g", ["x", "w", "c"], ["y"])
            .Message(5, new WireWriter().Text(1, "alpha").Float(2, 2)).Message(5, new WireWriter().Text(1, "beta").Float(2, 0.5f)).Message(5, new WireWriter().Text(1, "transB").Varint(3, 1));
        WireWriter graph = Graph([1, 2], gemm)
            .Message(5, OnnxModelTests.Tensor("w", 1, 3, 2).PackedFloats(4, 1, 0, 0, 1, 1, 1)).Message(5, OnnxModelTests.Tensor("c", 1, 3).PackedFloats(4, 2, 4, 6));
        Network network = Import(graph, "y", opset: 13);
        Assert.That(HostRun.Evaluate(network, i => i + 1, network.Outputs[0]).Data, Is.EqualTo(new double[] { 3, 6, 9 }));
    }

    [Test]
    public void AShapeForOneBatchServesAnother()
    {
        WireWriter graph = Graph([1, 2, 2, 2], Node("Reshape", "r", ["x", "s"], ["y"])).Message(5, OnnxModelTests.Tensor("s", 7, 2).PackedVarints(7, 1, 8));
        Assert.That(Import(graph, "y", opset: 13, batch: 3).Outputs[0].Shape, Is.EqualTo(new[] { 3, 8 }));
    }

    [Test]
    public void AnInitializerAmongTheInputsIsNoInput()
    {
        WireWriter declared = new WireWriter().Text(1, "c");
        WireWriter graph = Graph([1, 2, 1, 1], Node("Mul", "m", ["x", "c"], ["y"])).Message(11, declared).Message(5, OnnxModelTests.Tensor("c", 1).Float(4, 3));
        Network network = Import(graph, "y", opset: 9);
        Assert.That(network.Inputs.Select(i => i.Name), Is.EqualTo(new[] { "x" }));
        Assert.That(HostRun.Evaluate(network, i => i + 1, network.Outputs[0]).Data, Is.EqualTo(new double[] { 3, 6 }));
    }

    [Test]
    public void AConstantOfAHugeShapeIsRefusedNotMade()
    {
        WireWriter graph = Graph([1, 2], Node("ConstantOfShape", "c", ["s"], ["w"]), Node("MatMul", "m", ["x", "w"], ["y"]))
            .Message(5, OnnxModelTests.Tensor("s", 7, 2).PackedVarints(7, 2_000_000_000, 2_000_000_000));
        Assert.That(Refused(graph, "y").Message, Does.Contain("ConstantOfShape with a constant of 2000000000×2000000000"));
    }

    [Test]
    public void FoldingIsBoundedInSum()
    {
        WireWriter[] nodes = [Node("ConstantOfShape", "c", ["s"], ["v0"]), .. Enumerable.Range(0, 64).Select(i => Node("Concat", $"c{i}", [$"v{i}", $"v{i}"], [$"v{i + 1}"]).Message(5, new WireWriter().Text(1, "axis").Varint(3, 0))),
            Node("Add", "a", ["x", "v64"], ["y"])];
        WireWriter graph = Graph([1, 2], nodes).Message(5, OnnxModelTests.Tensor("s", 7, 1).PackedVarints(7, 1000));
        Assert.That(Refused(graph, "y").Message, Does.Contain("too large to compute"));
    }

    [TestCase("nowhere", "reads 'nowhere'")]
    [TestCase("", "lacks input 0")]
    public void AMissingInputIsNamed(string input, string part) => Assert.That(Refused(Graph([1, 2], Node("Relu", "r", [input], ["y"])), "y").Message, Does.Contain(part).And.Contains("r (Relu)"));

    [Test]
    public void AShapeThatDoesNotFitNamesTheNode()
    {
        WireWriter conv = Node("Conv", "conv9", ["x", "w"], ["y"]);
        WireWriter graph = Graph([1, 3, 8, 8], conv).Message(5, OnnxModelTests.Tensor("w", 1, 4, 2, 1, 1).PackedFloats(4, new float[8]));
        Assert.That(Refused(graph, "y").Message, Does.Contain("conv9"));
    }

    [Test]
    public void AnOpenSizeIsAskedFor()
    {
        using var file = new ScratchFile("a.onnx", Model(Graph([-1, 3, -1, -1], Node("Relu", "r", ["x"], ["y"])), "y", 13));
        using OnnxModel model = OnnxModel.Open(file.Path);
        Assert.That(() => OnnxImporter.Import(model, 1), Throws.TypeOf<VkInceptionException>().With.Message.Contains("leaves its size open"));
        Assert.That(OnnxImporter.Import(model, 2, 5, 7).Outputs[0].Shape, Is.EqualTo(new[] { 2, 3, 5, 7 }));
    }

    [Test]
    public void SharedConstantsAreOneParameter()
    {
        WireWriter graph = Graph([1, 2, 1, 1], Node("Conv", "c1", ["x", "w"], ["a"]), Node("Conv", "c2", ["a", "w"], ["y"]))
            .Message(5, OnnxModelTests.Tensor("w", 1, 2, 2, 1, 1).PackedFloats(4, 1, 2, 3, 4));
        Assert.That(Import(graph, "y", 13).Parameters, Has.Length.EqualTo(1));
    }

    [Test]
    public void ProductsAndSumsPerChannelFoldIntoTheConvolution()
    {
        WireWriter graph = Graph([1, 2, 1, 1], Node("Conv", "c", ["x", "w"], ["a"]), Node("Mul", "m", ["a", "s"], ["b"]), Node("Add", "d", ["b", "s"], ["y"]))
            .Message(5, OnnxModelTests.Tensor("w", 1, 2, 2, 1, 1).PackedFloats(4, 1, 2, 3, 4)).Message(5, OnnxModelTests.Tensor("s", 1, 2, 1, 1).PackedFloats(4, 10, 20));
        Network network = Import(graph, "y", 13);
        Assert.That(network.Nodes.Select(n => n.Op).Skip(1), Is.All.InstanceOf<BatchNorm2d>());
        Network folded = Rewrite.ForInference(network);
        Assert.That(folded.Nodes.Select(n => n.Op.Type), Is.EqualTo(new[] { "Conv2d" }));
        foreach (Network variant in new[] { network, folded })
            Assert.That(HostRun.Evaluate(variant, i => i + 1, variant.Outputs[0]).Data, Is.EqualTo(new double[] { 60, 240 }));
    }

    [Test]
    public void NodesOfOneNameAreToldApartWithoutSearching()
    {
        WireWriter[] nodes = [.. Enumerable.Range(0, 50_000).Select(i => Node("Relu", "same", [i == 0 ? "x" : $"v{i - 1}"], [$"v{i}"]))];
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Network network = Import(Graph([1, 2], nodes), "v49999", 13);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Nodes, Has.Length.EqualTo(50_000));
            Assert.That(network.Find("v7"), Is.SameAs(network.Nodes[7].Output));
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
        }
    }

    private static void ImportAndRead(string path)
    {
        using OnnxModel model = OnnxModel.Open(path);
        foreach (Parameter parameter in OnnxImporter.Import(model, 1).Parameters) _ = parameter.Value?.Span.Length;
    }

    private VkInceptionException Refused(WireWriter graph, string output) => Assert.Throws<VkInceptionException>(() => Import(graph, output, 13))!;

    private Network Import(WireWriter graph, string output, int opset, int batch = 1)
    {
        var file = new ScratchFile("a.onnx", Model(graph, output, opset));
        open.Push(file);
        OnnxModel model = OnnxModel.Open(file.Path);
        open.Push(model);
        return OnnxImporter.Import(model, batch);
    }

    private static byte[] Model(WireWriter graph, string output, int opset)
        => new WireWriter().Varint(1, 7).Message(7, graph.Message(12, new WireWriter().Text(1, output))).Message(8, new WireWriter().Varint(2, opset)).ToArray();

    private static WireWriter Graph(int[] input, params ReadOnlySpan<WireWriter> nodes)
    {
        var shape = new WireWriter();
        foreach (int d in input) shape.Message(1, d < 0 ? new WireWriter().Text(2, "open") : new WireWriter().Varint(1, d));
        var graph = new WireWriter().Message(11, new WireWriter().Text(1, "x").Message(2, new WireWriter().Message(1, new WireWriter().Varint(1, 1).Message(2, shape))));
        foreach (WireWriter node in nodes) graph.Message(1, node);
        return graph;
    }

    private static WireWriter Node(string opType, string name, string[] inputs, string[] outputs)
    {
        var node = new WireWriter();
        foreach (string input in inputs) node.Text(1, input);
        foreach (string output in outputs) node.Text(2, output);
        return node.Text(3, name).Text(4, opType);
    }

    private static WireWriter Ints(string name, params ReadOnlySpan<long> values) => new WireWriter().Text(1, name).PackedVarints(8, values);
}
