namespace VkInception.Graph;

/// <summary>What one convolution adds to the gradient of its input.</summary>
/// <param name="Dy">The gradient of its output, before the clamp.</param>
/// <param name="W">Its filter.</param>
public sealed record ConvolutionShare(TensorView Dy, TensorView W);
