namespace VkInception.Graph;

/// <summary>How a kernel was chosen, and what was measured.</summary>
/// <param name="Origin">Who chose it.</param>
public sealed record KernelSelection(KernelOrigin Origin)
{
    /// <summary>Milliseconds on the device, where it was measured.</summary>
    public double? Milliseconds { get; init; }

    /// <summary>The next best kernel that was measured; null where there was no other.</summary>
    public string? RunnerUp { get; init; }

    /// <summary>Milliseconds of <see cref="RunnerUp"/>.</summary>
    public double? RunnerUpMilliseconds { get; init; }

    /// <summary>What the estimate would have taken, where it was measured.</summary>
    public string? Heuristic { get; init; }

    /// <summary>Milliseconds of <see cref="Heuristic"/>.</summary>
    public double? HeuristicMilliseconds { get; init; }
}
