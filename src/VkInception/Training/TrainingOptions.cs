using VkInception.Graph;
using VkInception.Graph.Training;

namespace VkInception.Training;

/// <summary>How a model is compiled for training.</summary>
public sealed record TrainingOptions
{
    /// <summary>Images per step.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Height of the input in pixels; 0 takes the model's own.</summary>
    public int Height { get; init; }

    /// <summary>Width of the input in pixels; 0 takes the model's own.</summary>
    public int Width { get; init; }

    /// <summary>Classes; 0 takes the model's own.</summary>
    public int Classes { get; init; }

    /// <summary>What each auxiliary head's loss counts for; null takes the model's own (GoogLeNet 0.3), 0 leaves the heads out.</summary>
    public float? AuxiliaryWeight { get; init; }

    /// <summary>Label smoothing, from 0 to under 1.</summary>
    public float Smoothing { get; init; }

    /// <summary>A weight per class in the loss; null weighs all alike.</summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>Whether dropout drops.</summary>
    public bool Dropout { get; init; } = true;

    /// <summary>The optimizer; null computes gradients only.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>Multipliers of learning rate and decay, two floats per granule of the parameter space; null makes all of them 1.</summary>
    public Func<ParameterSpace, float[]>? Multipliers { get; init; }

    /// <summary>Whether a moving average of the weights is kept.</summary>
    public bool Average { get; init; }

    /// <summary>Parameters that stay as they are.</summary>
    public Func<Parameter, bool> IsFrozen { get; init; } = _ => false;

    /// <summary>Whether activations between the narrow places of the network are computed again in the backward pass instead of kept: less memory, more time.</summary>
    public bool CheckpointActivations { get; init; }

    /// <summary>The arithmetic; mixed precision takes a loss scale (<see cref="LossScaler"/>) in each step's values.</summary>
    public Precision Precision { get; init; }

    /// <summary>Chooses kernels; null takes what was measured on the device, and where nothing was an estimate.</summary>
    public IKernelChooser? Kernels { get; init; }
}
