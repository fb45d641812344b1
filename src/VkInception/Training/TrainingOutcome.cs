namespace VkInception.Training;

/// <summary>How a run ended.</summary>
/// <param name="Steps">Steps done in all.</param>
/// <param name="Epochs">Epochs done in all.</param>
/// <param name="Finished">Whether all epochs are done; otherwise it was interrupted, and its state saved.</param>
/// <param name="Last">The last evaluation; null where there was none.</param>
/// <param name="BestTop1">The best share so far; null where there was no evaluation.</param>
public sealed record TrainingOutcome(long Steps, int Epochs, bool Finished, EvaluationResult? Last, double? BestTop1)
{
    /// <summary>Whether the end is on the disk: the state, and of a finished run the final weights. Not so on a full disk, which ends no training.</summary>
    public required bool IsSaved { get; init; }

    /// <summary>The newest checkpoint of the folder; null where none could be written.</summary>
    public required string? Checkpoint { get; init; }
}
