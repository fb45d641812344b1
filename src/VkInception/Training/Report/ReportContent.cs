namespace VkInception.Training;

/// <summary>What a report shows beside a run's history.</summary>
/// <param name="History">The run and what it has done.</param>
public sealed record ReportContent(RunHistory History)
{
    /// <summary>Epochs that the run is to have; null where it is not known.</summary>
    public int? PlannedEpochs { get; init; }

    /// <summary>How the run stands, in words (<c>running</c>, <c>finished</c>, <c>stopped by SIGINT</c>); null where there is nothing to say.</summary>
    public string? Status { get; init; }

    /// <summary>The last evaluation's confusions; null where there was none.</summary>
    public ConfusionMatrix? Confusion { get; init; }

    /// <summary>The last evaluation's worst mistakes, worst first.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; init; } = [];

    /// <summary>The first layer's filters (<see cref="FilterPicture"/>); null for none.</summary>
    public Picture? Filters { get; init; }

    /// <summary>The first layer's name.</summary>
    public string? FilterLayer { get; init; }
}
