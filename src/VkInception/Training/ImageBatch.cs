namespace VkInception.Training;

/// <summary>Images as a network takes them, and their classes.</summary>
/// <param name="Images">N C H W, preprocessed.</param>
/// <param name="Labels">N classes.</param>
/// <param name="Count">Images that count; those behind them fill the batch up.</param>
public sealed record ImageBatch(ReadOnlyMemory<float> Images, ReadOnlyMemory<int> Labels, int Count);
