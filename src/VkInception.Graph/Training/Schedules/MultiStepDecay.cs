using System.Collections.Immutable;

namespace VkInception.Graph.Training.Schedules;

/// <summary>The learning rate is multiplied by gamma at each of several moments: <c>multistep:gamma=0.1,epochs=30/60/80</c>.</summary>
/// <param name="Gamma">What it is multiplied by.</param>
/// <param name="IsEpochs">Whether the moments are epochs, not steps.</param>
/// <param name="Moments">When, from the beginning, in any order.</param>
public sealed record MultiStepDecay(double Gamma, bool IsEpochs, ImmutableArray<double> Moments) : Schedule
{
    private const double Latest = 1e15;

    /// <inheritdoc/>
    protected override string Text
        => $"multistep:gamma={SettingsText.Number(Gamma)},{(IsEpochs ? "epochs" : "steps")}={string.Join('/', Moments.Select(SettingsText.Number))}";

    /// <inheritdoc/>
    public override double Factor(ScheduleClock clock) => Math.Pow(Gamma, Moments.Count(m => clock.Step >= new Period(m, IsEpochs).StepsIn(clock)));

    /// <summary>By value: two with the same moments are the same.</summary>
    public bool Equals(MultiStepDecay? other)
        => other is not null && Gamma.Equals(other.Gamma) && IsEpochs == other.IsEpochs && Moments.AsSpan().SequenceEqual(other.Moments.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Gamma, IsEpochs, Moments.Length);

    internal static MultiStepDecay Read(SettingsText s)
    {
        bool epochs = s.Has("epochs"), steps = s.Has("steps");
        if (epochs == steps) throw s.Wrong("multistep needs epochs=A/B/C or steps=A/B/C");
        return new MultiStepDecay(s.Number("gamma", 0.1, 0, 1), epochs, [.. s.Numbers(epochs ? "epochs" : "steps", 0, Latest)]);
    }
}
