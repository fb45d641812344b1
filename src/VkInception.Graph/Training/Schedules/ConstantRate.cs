namespace VkInception.Graph.Training.Schedules;

/// <summary>The learning rate stays as it is: <c>constant</c>.</summary>
public sealed record ConstantRate : Schedule
{
    /// <inheritdoc/>
    protected override string Text => "constant";

    /// <inheritdoc/>
    public override double Factor(ScheduleClock clock) => 1;
}
