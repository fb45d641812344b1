namespace VkInception.Imaging.Batches;

/// <summary>Which images make up a batch.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Index">Place in the epoch.</param>
/// <param name="Images">Places in the split.</param>
internal sealed record BatchPlan(int Epoch, int Index, int[] Images);
