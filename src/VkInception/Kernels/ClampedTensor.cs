using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>A tensor that was clamped: where it lies at an end of the range nothing passes backwards.</summary>
internal sealed record ClampedTensor(TensorView Value, OutputRange Range);
