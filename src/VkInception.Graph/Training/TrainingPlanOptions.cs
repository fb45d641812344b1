namespace VkInception.Graph.Training;

/// <summary>How a training step is planned.</summary>
public sealed record TrainingPlanOptions
{
    /// <summary>The optimizer; null plans gradients only.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>Whether a moving average of the weights is kept.</summary>
    public bool Average { get; init; }

    /// <summary>Parameters that stay as they are; nothing before the first trained one is differentiated.</summary>
    public Func<Parameter, bool> IsFrozen { get; init; } = _ => false;

    /// <summary>Whether activations between the narrow places of the network are computed again in the backward pass instead of kept.</summary>
    public bool CheckpointActivations { get; init; }

    /// <summary>The arithmetic.</summary>
    public Precision Precision { get; init; }
}
