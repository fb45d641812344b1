using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Import;

/// <summary>A scale and a shift per channel (Caffe's Scale and Bias, ONNX's Mul and Add by a constant of C×1×1).</summary>
/// <remarks>Written as a batch norm with mean 0, variance 1 and epsilon 0, which folds into the convolution before it.</remarks>
internal static class ChannelAffine
{
    /// <summary>The operation: y = x · weight + bias.</summary>
    public static BatchNorm2d Op { get; } = new(Epsilon: 0);

    /// <summary>Its parameters; what is null is 1 for the weight and 0 for the bias.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="channels">C.</param>
    /// <param name="weight">Scale per channel.</param>
    /// <param name="bias">Shift per channel.</param>
    public static Parameter[] Parameters(string node, int channels, Parameter? weight, Parameter? bias) =>
    [
        weight ?? DerivedParameters.Constant($"{node} (scale 1)", [channels], 1),
        bias ?? DerivedParameters.Constant($"{node} (shift 0)", [channels], 0),
        DerivedParameters.Constant($"{node} (mean 0)", [channels], 0),
        DerivedParameters.Constant($"{node} (variance 1)", [channels], 1),
    ];
}
