namespace VkInception.Weights;

/// <summary>The graph of an ONNX model, as the file has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Nodes">In the file's order, which ONNX demands to be topological.</param>
/// <param name="Initializers">Constants by value name; elements stay in the file until they are read.</param>
/// <param name="Inputs">Declared inputs; before IR version 4 initializers are among them.</param>
/// <param name="Outputs">Declared outputs.</param>
public sealed record OnnxGraph(
    string Name, IReadOnlyList<OnnxNode> Nodes, IReadOnlyList<NamedTensor> Initializers, IReadOnlyList<OnnxValueInfo> Inputs, IReadOnlyList<OnnxValueInfo> Outputs);
