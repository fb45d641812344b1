namespace VkInception.Weights;

/// <summary>A tensor as a TensorFlow.js manifest declares it, not checked yet.</summary>
/// <param name="Name">The weight's name: <c>conv2d_1/kernel</c>.</param>
/// <param name="Type">The <c>dtype</c> that the network sees.</param>
/// <param name="Shape">Extents as they stand there.</param>
/// <param name="Quantization">How it is stored where that is not by its <c>dtype</c>.</param>
internal sealed record TfjsWeight(string Name, string Type, long[] Shape, TfjsQuantization? Quantization);
