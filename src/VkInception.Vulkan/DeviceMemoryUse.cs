namespace VkInception.Vulkan;

/// <summary>What a device's allocator holds at one moment.</summary>
/// <param name="AllocatedBytes">Bytes taken from the driver.</param>
/// <param name="UsedBytes">Bytes of those that buffers occupy.</param>
/// <param name="PeakBytes">Most bytes taken from the driver at any time.</param>
/// <param name="BlockCount">Driver allocations.</param>
/// <param name="BufferCount">Live buffers.</param>
/// <param name="Heaps">The device's heaps.</param>
public sealed record DeviceMemoryUse(
    long AllocatedBytes, long UsedBytes, long PeakBytes, int BlockCount, int BufferCount, IReadOnlyList<HeapUse> Heaps);
