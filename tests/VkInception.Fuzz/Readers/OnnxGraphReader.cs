using VkInception.Fuzz.Mutations;
using VkInception.Graph;
using VkInception.Import;
using VkInception.Weights;

namespace VkInception.Fuzz.Readers;

/// <summary><see cref="OnnxImporter"/>: a network of an ONNX graph, its constants and its count of operations.</summary>
internal sealed class OnnxGraphReader() : Reader("onnx-graph")
{
    public override IReadOnlyList<byte[]> Seeds { get; } = Resources.All("graphs", ".onnx");

    public override IReadOnlyList<Mutation> Grammar { get; } = [new ProtobufMutation()];

    public override string Read(byte[] input)
    {
        using OnnxModel model = OnnxModel.Open(Scratch.Write("graph.onnx", input));
        return Walk(OnnxImporter.Import(model, 1 + input.Length % 3));
    }

    /// <summary>What the commands ask of a network.</summary>
    public static string Walk(Network network)
    {
        long operations = 0;
        foreach (Node node in network.Nodes) operations += node.Op.MultiplyAdds([.. node.Inputs.Select(t => t.Shape)], [.. node.Outputs.Select(t => t.Shape)]);
        if (operations < 0) throw new OverflowException("multiply-adds overflow");
        foreach (Parameter parameter in network.Parameters.SelectMany(p => p.Loaded()).Where(p => p.Shape.Count <= 1 << 16)) _ = parameter.Value?.Span.Length;
        return string.Join(' ', network.Nodes.Select(n => n.Op.Type).Distinct().Take(6));
    }
}
