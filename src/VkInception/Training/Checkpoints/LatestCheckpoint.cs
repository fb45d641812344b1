namespace VkInception.Training;

/// <summary>What a search for the newest sound checkpoint found.</summary>
/// <param name="Point">The checkpoint, to be disposed; null where the folder holds no sound one.</param>
/// <param name="Skipped">One line for each newer checkpoint that was passed over, with the reason.</param>
public sealed record LatestCheckpoint(ResumePoint? Point, IReadOnlyList<string> Skipped);
