namespace VkInception.Graph.Training.Schedules;

/// <summary>Half a cosine from 1 down to the floor over the whole run (arXiv 1608.03983, without restarts): <c>cosine:floor=0.01</c>.</summary>
/// <param name="Floor">The factor at the end.</param>
public sealed record CosineDecay(double Floor) : Schedule
{
    /// <inheritdoc/>
    protected override string Text => $"cosine:floor={SettingsText.Number(Floor)}";

    /// <inheritdoc/>
    public override double Factor(ScheduleClock clock)
    {
        double over = Math.Min(1, (double)clock.Step / clock.TotalSteps);
        return Floor + (1 - Floor) * (1 + Math.Cos(Math.PI * over)) / 2;
    }

    internal static CosineDecay Read(SettingsText s) => new(s.Number("floor", 0, 0, 1));
}
