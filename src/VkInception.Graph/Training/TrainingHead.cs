namespace VkInception.Graph.Training;

/// <summary>A classifier of a network in training: the main one, or an auxiliary one.</summary>
/// <param name="Logits">N×C.</param>
/// <param name="Loss">Mean loss, correct images, counted images (<see cref="Ops.SoftmaxCrossEntropy"/>).</param>
/// <param name="Weight">What the loss counts for in the total.</param>
public sealed record TrainingHead(Tensor Logits, Tensor Loss, float Weight);
