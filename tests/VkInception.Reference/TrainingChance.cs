namespace VkInception.Reference;

/// <summary>What a training step's result depends on beside its tensors.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Number">Steps taken before.</param>
/// <param name="Stream">The node's number in its network.</param>
public sealed record TrainingChance(ulong Seed, uint Number, uint Stream);
