namespace VkInception.Graph.Training.Initializers;

/// <summary>He's (arXiv 1502.01852, section 2.2): variance 2/fan, so that rectified signals keep their size from layer to layer; biases 0.</summary>
/// <param name="IsUniform">Uniform in ±√(6/fan), not normal with deviation √(2/fan).</param>
/// <param name="IsFanOut">Gradients keep their size, not signals.</param>
public sealed record HeInitializer(bool IsUniform = false, bool IsFanOut = false) : Initializer
{
    /// <inheritdoc/>
    protected override string Text => $"he:distribution={(IsUniform ? "uniform" : "normal")},fan={(IsFanOut ? "out" : "in")}";

    /// <inheritdoc/>
    protected override Distribution WeightsOf(Parameter parameter)
    {
        double fan = IsFanOut ? FanOut(parameter) : FanIn(parameter);
        return IsUniform ? new(DistributionKind.Uniform, Math.Sqrt(6 / fan)) : new(DistributionKind.Normal, Math.Sqrt(2 / fan));
    }

    internal static HeInitializer Read(SettingsText s)
        => new(s.Word("distribution", "normal", "uniform") == "uniform", s.Word("fan", "in", "out") == "out");
}
