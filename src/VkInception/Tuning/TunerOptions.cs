namespace VkInception.Tuning;

/// <summary>How the tuner works.</summary>
public sealed record TunerOptions
{
    /// <summary>Time for everything; what is not reached keeps the estimate's choice, and another run goes on with it.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether to measure again what is known.</summary>
    public bool Again { get; init; }

    /// <summary>Turns in which every kernel still in the race is timed once.</summary>
    public int Rounds { get; init; } = 7;

    /// <summary>Told after every piece of work: how many are done, of how many.</summary>
    public Action<int, int>? Progress { get; init; }
}
