using VkInception.Vulkan;

namespace VkInception.Kernels;

/// <summary>What the choice of a kernel may depend on: features and limits, never a vendor's name.</summary>
public sealed record DeviceTraits
{
    /// <summary>Lanes of a subgroup.</summary>
    public required int SubgroupSize { get; init; }

    /// <summary>Most invocations in one workgroup.</summary>
    public required int MaxWorkgroupInvocations { get; init; }

    /// <summary>Whether the device is the processor itself: few cores, deep caches, no latency to hide with more work.</summary>
    public bool IsProcessor { get; init; }

    /// <summary>Cores, where the device is the processor itself.</summary>
    public int Cores { get; init; } = 2;

    /// <summary>Whether values can be passed between the lanes of a subgroup.</summary>
    public bool SubgroupShuffle { get; init; }

    /// <summary>Whether kernels have 64-bit integers, and so 8-byte loads.</summary>
    public bool Int64 { get; init; }

    /// <summary>
    /// Whether kernels are compiled as they are written: loops stay loops, arrays stay in memory, and each of both costs many times a multiply-add.
    /// So do plain compilers for processors, recognized by subgroups of four lanes and no 64-bit integers.
    /// </summary>
    public bool CompilesAsWritten => IsProcessor && SubgroupSize <= 4 && !Int64;

    /// <summary>Bytes of shared memory of a workgroup; 16 KiB are the least that Vulkan allows.</summary>
    public int SharedMemoryBytes { get; init; } = 16 << 10;

    /// <summary>The matrices of halves with float sums that a subgroup multiplies; null where there are none, or kernels have no half-precision arithmetic.</summary>
    public CooperativeMatrix? HalfMatrix { get; init; }

    /// <summary>The traits of a device.</summary>
    public static DeviceTraits Of(DeviceInfo device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return new DeviceTraits
        {
            SubgroupSize = (int)device.SubgroupSize,
            MaxWorkgroupInvocations = (int)device.MaxWorkgroupInvocations,
            IsProcessor = device.Type == DeviceType.Cpu,
            Cores = Environment.ProcessorCount,
            SubgroupShuffle = device.SubgroupShuffle,
            Int64 = device.Int64,
            SharedMemoryBytes = (int)device.SharedMemoryBytes,
            HalfMatrix = device.Float16 && device.Storage16Bit ? device.HalfMatrix : null,
        };
    }
}
