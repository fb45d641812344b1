namespace VkInception.Graph.Training;

/// <summary>The arithmetic of a run or a training step.</summary>
public enum Precision
{
    /// <summary>Single precision throughout.</summary>
    Single,

    /// <summary>
    /// Mixed ("Mixed Precision Training", 1710.03740): activations, their gradients and a copy of the weights in half; every sum, statistic, loss and
    /// gradient of a parameter, the weights themselves and the optimizer in single precision; the loss scaled by <see cref="LossScaler"/>.
    /// </summary>
    Mixed,

    /// <summary>
    /// Half, for inference: input, activations and the weights that multiply them stored in half, every sum in single precision, and so biases, norms,
    /// local response norms, the output and a softmax before it. A value beyond 65504 becomes infinity.
    /// </summary>
    Half,

    /// <summary>
    /// Double precision throughout, labels and positions apart: for gradients and losses that are held to a reference in double precision, where
    /// a sign that rounding flips at a ReLU would change whole gradients. Attributes and settings count as the decimals that they stand for (<see cref="DecimalValue"/>).
    /// </summary>
    Double,
}
