namespace VkInception.Weights;

/// <summary>A declared input or output of an ONNX graph.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="ElementType">ONNX's number of the element type (1 is float); 0 where it is not declared.</param>
/// <param name="Dimensions">The declared shape; null where it is not declared.</param>
public sealed record OnnxValueInfo(string Name, int ElementType, IReadOnlyList<OnnxDimension>? Dimensions);
