namespace VkInception.Graph.Training.Schedules;

/// <summary>1 / (1 + exp(gamma · (step − middle))): <c>sigmoid:gamma=0.001,steps=50000</c>. Caffe's <c>sigmoid</c> has gamma's other sign.</summary>
/// <param name="Gamma">How steeply it falls, per step; a negative one rises.</param>
/// <param name="Middle">Where it is one half.</param>
public sealed record SigmoidDecay(double Gamma, Period Middle) : Schedule
{
    /// <inheritdoc/>
    protected override string Text => $"sigmoid:gamma={SettingsText.Number(Gamma)},{Middle}";

    /// <inheritdoc/>
    public override double Factor(ScheduleClock clock) => 1 / (1 + Math.Exp(Gamma * (clock.Step - Middle.StepsIn(clock))));

    internal static SigmoidDecay Read(SettingsText s) => new(s.Number("gamma", 1e-3, -1e6, 1e6), Period.Demand(s));
}
