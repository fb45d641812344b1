namespace VkInception.Training;

/// <summary>Sums over the part of an epoch that is done, so that a resumed epoch's averages equal the uninterrupted one's.</summary>
/// <param name="Images">Images seen.</param>
/// <param name="Correct">Images whose most probable class was the label.</param>
/// <param name="LossSum">Sum of the loss over those images, heads weighted as they are trained.</param>
/// <param name="Seconds">Seconds spent.</param>
/// <param name="WaitSeconds">Seconds of those in which the device waited for images.</param>
public readonly record struct EpochProgress(long Images, long Correct, double LossSum, double Seconds, double WaitSeconds);
