namespace VkInception.Weights;

/// <summary>A node of an ONNX graph: an operator with the names of the values that it reads and makes.</summary>
/// <param name="Name">Its name; often empty.</param>
/// <param name="OpType">The operator.</param>
/// <param name="Domain">The operator set; empty for ONNX's own.</param>
/// <param name="Inputs">Values read; an empty name is an optional input that is left out.</param>
/// <param name="Outputs">Values made; an empty name is an output that nothing reads.</param>
/// <param name="Attributes">By name.</param>
public sealed record OnnxNode(
    string Name, string OpType, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    /// <summary>For messages: the operator with the node's name, or with its first output where it has none.</summary>
    public override string ToString() => $"{OpType} {(Name.Length > 0 ? Name : Outputs.FirstOrDefault(o => o.Length > 0) ?? "without a name")}";
}
