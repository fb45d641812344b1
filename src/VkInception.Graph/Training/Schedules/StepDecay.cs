namespace VkInception.Graph.Training.Schedules;

/// <summary>The learning rate is multiplied by gamma at the end of every period: <c>step:gamma=0.1,epochs=30</c>.</summary>
/// <param name="Gamma">What it is multiplied by.</param>
/// <param name="Every">How often.</param>
public sealed record StepDecay(double Gamma, Period Every) : Schedule
{
    /// <inheritdoc/>
    protected override string Text => $"step:gamma={SettingsText.Number(Gamma)},{Every}";

    /// <inheritdoc/>
    public override double Factor(ScheduleClock clock) => Math.Pow(Gamma, Math.Floor(Every.Passed(clock)));

    internal static StepDecay Read(SettingsText s) => new(s.Number("gamma", 0.1, 0, 1), Period.Demand(s));
}
