namespace VkInception.Graph;

/// <summary>Where a gradient is wanted.</summary>
/// <param name="View">A view of the tensor's shape; a filter's gradient lies as the filter does.</param>
/// <param name="Accumulate">Whether to add to what is there (another reader of the tensor came first) and not to overwrite it.</param>
public sealed record Gradient(TensorView View, bool Accumulate)
{
    /// <summary>
    /// What the tensor was clamped to, where this is the last share of its gradient and the operation masks (<see cref="GradientMasking.Whole"/>):
    /// the finished gradient is 0 where the tensor lies at an end of the range. Nothing is masked where it is <see cref="OutputRange.All"/>.
    /// </summary>
    public OutputRange Clamped { get; init; } = OutputRange.All;
}
