namespace VkInception.Graph.Training.Initializers;

/// <summary>Normal, what lies beyond the limit drawn again, as torchvision's GoogLeNet begins (deviation 0.01, limit 2); biases 0.</summary>
/// <param name="Deviation">Standard deviation before the tails are cut.</param>
/// <param name="Limit">In standard deviations.</param>
public sealed record TruncatedNormalInitializer(double Deviation = 0.01, double Limit = 2) : Initializer
{
    // Below it nearly every number would be drawn again; above it none is.
    private const double SmallestLimit = 0.5, LargestLimit = 10;

    /// <inheritdoc/>
    protected override string Text => $"truncated-normal:deviation={SettingsText.Number(Deviation)},limit={SettingsText.Number(Limit)}";

    /// <inheritdoc/>
    protected override Distribution WeightsOf(Parameter parameter) => new(DistributionKind.Normal, Deviation, Math.Max(Limit, SmallestLimit));

    internal static TruncatedNormalInitializer Read(SettingsText s)
        => new(s.Number("deviation", 0.01, 0, 100), s.Number("limit", 2, SmallestLimit, LargestLimit));
}
