namespace VkInception.Training;

/// <summary>The dynamic loss scale of mixed precision, as a checkpoint keeps it.</summary>
/// <param name="Scale">What the loss is multiplied by.</param>
/// <param name="GoodSteps">Steps without an overflow since the scale last changed.</param>
public readonly record struct LossScalerState(float Scale, int GoodSteps);
