namespace VkInception.Training;

/// <summary>One epoch, when it is trained and evaluated.</summary>
/// <param name="Epoch">Epochs done with this one.</param>
/// <param name="Step">Steps done with it.</param>
/// <param name="TrainLoss">Mean loss over its training images, heads weighted as they are trained.</param>
/// <param name="TrainAccuracy">Share of its training images whose most probable class was the label, as they were trained on.</param>
/// <param name="LearningRate">Learning rate of its last step.</param>
/// <param name="ImagesPerSecond">Images trained on per second.</param>
/// <param name="Seconds">Seconds it took, evaluation included.</param>
/// <param name="EvaluationLoss">Mean loss over the evaluation images; null where there was no evaluation.</param>
/// <param name="Top1">Share of the evaluation images whose most probable class is the label; null where there was no evaluation.</param>
/// <param name="Top5">The same among the five most probable; null where there was no evaluation or are no more than five classes.</param>
/// <param name="WaitShare">Share of the time in which the device waited for images; null where it is not measured.</param>
/// <param name="IsBest">Whether its weights are the best so far.</param>
public sealed record EpochRecord(
    int Epoch, long Step, double TrainLoss, double TrainAccuracy, double LearningRate, double ImagesPerSecond, double Seconds,
    double? EvaluationLoss = null, double? Top1 = null, double? Top5 = null, double? WaitShare = null, bool IsBest = false) : LogLine;
