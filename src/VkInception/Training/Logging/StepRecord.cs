namespace VkInception.Training;

/// <summary>One optimizer step.</summary>
/// <param name="Step">Steps done with this one.</param>
/// <param name="Epoch">The epoch under way, counted from 1.</param>
/// <param name="Loss">The batch's loss, heads weighted as they are trained.</param>
/// <param name="Accuracy">Share of the batch whose most probable class was the label.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="ImagesPerSecond">Images trained on per second.</param>
/// <param name="HeadLosses">Loss of each head by its name, unweighted; null for a network with one.</param>
/// <param name="GradientNorm">L2 norm of all gradients before clipping; null where it is not computed.</param>
/// <param name="LossScale">What the loss was multiplied by; null without mixed precision.</param>
/// <param name="WaitShare">Share of the time in which the device waited for images; null where it is not measured.</param>
public sealed record StepRecord(
    long Step, int Epoch, double Loss, double Accuracy, double LearningRate, double ImagesPerSecond,
    IReadOnlyDictionary<string, double>? HeadLosses = null, double? GradientNorm = null, double? LossScale = null, double? WaitShare = null) : LogLine;
