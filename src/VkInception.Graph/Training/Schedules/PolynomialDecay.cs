namespace VkInception.Graph.Training.Schedules;

/// <summary>(1 − share of the run that is over)^power: <c>poly:power=0.5</c>, with which BVLC's GoogLeNet was trained.</summary>
/// <param name="Power">1 falls in a straight line.</param>
public sealed record PolynomialDecay(double Power) : Schedule
{
    /// <inheritdoc/>
    protected override string Text => $"poly:power={SettingsText.Number(Power)}";

    /// <inheritdoc/>
    public override double Factor(ScheduleClock clock) => Math.Pow(Math.Max(0, 1 - (double)clock.Step / clock.TotalSteps), Power);

    internal static PolynomialDecay Read(SettingsText s) => new(s.Number("power", 0.5, 0, 100));
}
