namespace VkInception.Graph.Training;

/// <summary>How the losses of a training step are made.</summary>
public sealed record LossOptions
{
    /// <summary>What each auxiliary head's loss counts for beside the classifier's (GoogLeNet 0.3, Inception v3 0.4); 0 leaves the heads out.</summary>
    public float AuxiliaryWeight { get; init; } = 0.3f;

    /// <summary>Label smoothing, from 0 to under 1.</summary>
    public float Smoothing { get; init; }

    /// <summary>A weight per class; null weighs all alike.</summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>Whether dropout drops.</summary>
    public bool Dropout { get; init; } = true;
}
