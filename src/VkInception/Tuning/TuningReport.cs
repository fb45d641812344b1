using System.Collections.Immutable;

namespace VkInception.Tuning;

/// <summary>What a run of the tuner found.</summary>
/// <param name="Works">The distinct pieces of work in the order of the network.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Complete">Whether there was time for all.</param>
/// <param name="File">Where the measurements are kept; null where the device keeps no caches.</param>
public sealed record TuningReport(ImmutableArray<WorkReport> Works, double Seconds, bool Complete, string? File)
{
    /// <summary>Milliseconds of all measured work of the network by the kernels that the estimate takes.</summary>
    public double HeuristicMilliseconds => Measured.Sum(w => w.Count * w.HeuristicMilliseconds!.Value);

    /// <summary>Milliseconds of the same work by the kernels that were measured to be fastest.</summary>
    public double TunedMilliseconds => Measured.Sum(w => w.Count * w.Milliseconds!.Value);

    private IEnumerable<WorkReport> Measured => Works.Where(w => w.Milliseconds is not null && w.HeuristicMilliseconds is not null);
}
