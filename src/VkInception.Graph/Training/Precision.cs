namespace VkInception.Graph.Training;

/// <summary>The arithmetic of a training step.</summary>
public enum Precision
{
    /// <summary>Single precision throughout.</summary>
    Single,

    /// <summary>
    /// Mixed ("Mixed Precision Training", 1710.03740): activations, their gradients and a copy of the weights in half; every sum, statistic, loss and
    /// gradient of a parameter, the weights themselves and the optimizer in single precision; the loss scaled by <see cref="LossScaler"/>.
    /// </summary>
    Mixed,
}
