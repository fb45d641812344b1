using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import;

/// <summary>Makes a network of an ONNX graph, operator sets 1 and later.</summary>
/// <remarks>
/// Tensors carry the names of ONNX's values, nodes those of ONNX's nodes (or of their first output). Constants and computations on shapes are
/// folded; initializers become parameters of their own names whose elements are read from the model's file when they are wanted.
/// </remarks>
public static class OnnxImporter
{
    /// <summary>Imports the part of a graph that its outputs need.</summary>
    /// <param name="model">The model; it must stay open as long as the network's parameters are read.</param>
    /// <param name="batch">Images per run: the first extent of every input.</param>
    /// <param name="height">Height of rank-4 inputs; 0 takes the declared one.</param>
    /// <param name="width">Width of rank-4 inputs; 0 takes the declared one.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnsupportedOperator"/> naming every unsupported operator and its nodes at once;
    /// <see cref="ErrorCode.FileDamaged"/>, <see cref="ErrorCode.UnsupportedFormat"/> or <see cref="ErrorCode.ShapeMismatch"/> naming the node.</exception>
    public static Network Import(OnnxModel model, int batch, int height = 0, int width = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (batch < 1) throw new VkInceptionException(ErrorCode.InvalidArgument, $"batch {batch}: at least 1 is needed");
        var import = new OnnxImport(model);
        import.AddInputs(batch, height, width);
        import.AddNodes();
        return import.Build();
    }
}
