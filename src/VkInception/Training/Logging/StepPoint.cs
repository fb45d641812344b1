namespace VkInception.Training;

/// <summary>What the report's curves need of a step; small, since a run has many.</summary>
/// <param name="Step">Steps done with this one.</param>
/// <param name="Epoch">The epoch under way, counted from 1.</param>
/// <param name="Loss">The batch's loss.</param>
/// <param name="Accuracy">Share of the batch whose most probable class was the label.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="ImagesPerSecond">Images trained on per second.</param>
public readonly record struct StepPoint(long Step, int Epoch, float Loss, float Accuracy, float LearningRate, float ImagesPerSecond);
