using VkInception.Imaging.Augmentation;

namespace VkInception.Imaging.Batches;

/// <summary>How training batches are made.</summary>
public sealed record TrainingBatchOptions : BatchOptions
{
    /// <summary>Decides the order of images and how each is varied.</summary>
    public ulong Seed { get; init; }

    /// <summary>How images are varied.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.None;

    /// <summary>Whether each epoch has its own random order; otherwise the split's.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The epoch to start in, from 0.</summary>
    public int StartEpoch { get; init; }

    /// <summary>The batch of that epoch to start with; the number of batches of an epoch is the next epoch's first.</summary>
    public int StartBatch { get; init; }
}
