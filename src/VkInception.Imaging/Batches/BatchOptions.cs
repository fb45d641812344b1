using VkInception.Imaging.Datasets;

namespace VkInception.Imaging.Batches;

/// <summary>How batches are made.</summary>
public record BatchOptions
{
    /// <summary>Images of a batch. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Threads that read and vary images; 0 takes one per core. The batches do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Batches that are made ahead; fewer where memory is short. Default 3.</summary>
    public int QueueDepth { get; init; } = 3;

    /// <summary>What happens when an image cannot be read.</summary>
    public UnreadablePolicy Unreadable { get; init; }
}
