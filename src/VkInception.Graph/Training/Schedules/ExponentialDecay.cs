namespace VkInception.Graph.Training.Schedules;

/// <summary>The learning rate falls a little with every step, by gamma in each period: <c>exponential:gamma=0.94,epochs=2</c>.</summary>
/// <remarks>The setting at first is Inception v3's (arXiv 1512.00567, section 8); in stairs it is <see cref="StepDecay"/>.</remarks>
/// <param name="Gamma">What it is multiplied by in one period.</param>
/// <param name="Every">The period.</param>
public sealed record ExponentialDecay(double Gamma, Period Every) : Schedule
{
    /// <inheritdoc/>
    protected override string Text => $"exponential:gamma={SettingsText.Number(Gamma)},{Every}";

    /// <inheritdoc/>
    public override double Factor(ScheduleClock clock) => Math.Pow(Gamma, Every.Passed(clock));

    internal static ExponentialDecay Read(SettingsText s) => new(s.Number("gamma", 0.94, 0, 1), Period.Read(s) ?? Period.Epochs(2));
}
