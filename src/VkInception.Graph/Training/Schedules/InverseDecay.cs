namespace VkInception.Graph.Training.Schedules;

/// <summary>(1 + gamma · step)^−power, Caffe's <c>inv</c>: <c>inverse:gamma=0.0001,power=0.75</c>.</summary>
/// <param name="Gamma">How soon it falls, per step.</param>
/// <param name="Power">How steeply it falls in the end.</param>
public sealed record InverseDecay(double Gamma, double Power) : Schedule
{
    /// <inheritdoc/>
    protected override string Text => $"inverse:gamma={SettingsText.Number(Gamma)},power={SettingsText.Number(Power)}";

    /// <inheritdoc/>
    public override double Factor(ScheduleClock clock) => Math.Pow(1 + Gamma * clock.Step, -Power);

    internal static InverseDecay Read(SettingsText s) => new(s.Number("gamma", 1e-4, 0, 1e6), s.Number("power", 0.75, 0, 100));
}
