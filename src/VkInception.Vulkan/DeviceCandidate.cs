using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>One physical device as its driver shows it, before choice: what is public, and the handles and limits that opening it needs.</summary>
internal sealed record DeviceCandidate
{
    public required DeviceInfo Info { get; init; }
    public required DeviceFeatures Features { get; init; }
    public PhysicalDevice Handle { get; init; }
    public IReadOnlySet<string> Extensions { get; init; } = new HashSet<string>();
    public uint ApiVersion { get; init; }
    public uint DriverVersion { get; init; }
    /// <summary>VkDriverId as a number; 0 where the driver is too old to say.</summary>
    public int DriverId { get; init; }
    /// <summary>Windows' adapter id; null where the driver gives none.</summary>
    public string? Luid { get; init; }
    /// <summary>Domain, bus, device and function; null where the driver gives none.</summary>
    public string? PciAddress { get; init; }
    public string PipelineCacheUuid { get; init; } = "";
    /// <summary>Index of the queue family to use; null when none computes.</summary>
    public uint? QueueFamily { get; init; }
    public uint TimestampValidBits { get; init; }
    /// <summary>Nanoseconds per tick.</summary>
    public float TimestampPeriod { get; init; }
    /// <summary>Most subgroups of a workgroup where the subgroup's size is asked for; 0 where it cannot be.</summary>
    public uint MaxWorkgroupSubgroups { get; init; }
    public long MaxAllocationCount { get; init; }
    public long MaxAllocationSize { get; init; }
    public long MaxBufferSize { get; init; }
}
