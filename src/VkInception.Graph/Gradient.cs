namespace VkInception.Graph;

/// <summary>Where a gradient is wanted.</summary>
/// <param name="View">A view of the tensor's shape; a filter's gradient lies as the filter does.</param>
/// <param name="Accumulate">Whether to add to what is there (another reader of the tensor came first) and not to overwrite it.</param>
public sealed record Gradient(TensorView View, bool Accumulate);
