namespace VkInception.Graph;

/// <summary>The range that an output is clamped to: ReLU is [0, ∞), ReLU6 [0, 6]. NaN passes through.</summary>
public readonly record struct OutputRange(float Low, float High)
{
    /// <summary>No clamp.</summary>
    public static OutputRange All { get; } = new(float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>The range of ReLU.</summary>
    public static OutputRange ReLU { get; } = new(0, float.PositiveInfinity);

    /// <summary>Whether nothing is clamped.</summary>
    public bool IsAll => this == All;
}
