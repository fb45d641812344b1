namespace VkInception.Vulkan;

/// <summary>How a device is opened. Immutable: any thread may use it.</summary>
public sealed class DeviceOptions
{
    /// <summary>Switches the Khronos validation layer on, synchronization validation and best practices included; slow, for development and tests.</summary>
    public bool Validation { get; init; }

    /// <summary>Folder of the pipeline cache; null for the user's cache folder (<see cref="Vulkan.CacheFolder"/>), empty for no cache on disk.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>
    /// Work that one submission may hold, in multiply-adds (a byte moved counts as 4 of them); 0 for the default. Systems end a device whose submission lasts too
    /// long (2 seconds on Windows). The default, 64 billion on discrete GPUs and 8 billion elsewhere, takes half of that on the slowest.
    /// </summary>
    public long SubmissionWork { get; init; }
}
