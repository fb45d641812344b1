namespace VkInception.Graph.Training.Schedules;

/// <summary>Before any schedule, the learning rate rises in a straight line (arXiv 1706.02677, section 2.2): <c>warmup:epochs=5,from=0.1+step:epochs=30</c>.</summary>
/// <remarks>The first step has from + (1 − from)/steps, so that none is lost; the last of the warm-up has what the schedule says, which counts from the run's beginning.</remarks>
/// <param name="Length">How long it rises.</param>
/// <param name="From">The share of the schedule's rate from which it rises.</param>
/// <param name="Then">The schedule, by whose rate it is multiplied.</param>
public sealed record WarmUp(Period Length, double From, Schedule Then) : Schedule
{
    /// <inheritdoc/>
    protected override string Text => $"warmup:{Length},from={SettingsText.Number(From)}+{Then}";

    /// <inheritdoc/>
    public override double Factor(ScheduleClock clock)
    {
        double share = Math.Min(1, (clock.Step + 1) / Length.StepsIn(clock));
        return (From + (1 - From) * share) * Then.Factor(clock);
    }

    internal static WarmUp Read(SettingsText s, Schedule then)
    {
        if (s.Name != "warmup") throw s.Wrong("only a warm-up stands before another schedule: warmup:epochs=5+cosine");
        return s.Complete(new WarmUp(Period.Demand(s), s.Number("from", 0, 0, 1), then));
    }
}
