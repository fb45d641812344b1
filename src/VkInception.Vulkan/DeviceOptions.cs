namespace VkInception.Vulkan;

/// <summary>How a device is opened.</summary>
public sealed class DeviceOptions
{
    /// <summary>Switches the Khronos validation layer on, synchronization validation included; slow, for development and tests.</summary>
    public bool Validation { get; init; }

    /// <summary>Folder of the pipeline cache; null for the user's cache folder (<see cref="Vulkan.CacheFolder"/>), empty for no cache on disk.</summary>
    public string? CacheFolder { get; init; }
}
