using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>One driver allocation, shared by many buffers or given to one.</summary>
internal sealed unsafe class MemoryBlock(DeviceMemory memory, long size, int type, bool dedicated, byte* mapped)
{
    public DeviceMemory Memory { get; } = memory;
    public long Size { get; } = size;
    public int Type { get; } = type;
    public bool Dedicated { get; } = dedicated;
    /// <summary>Where the host sees the block; null where it does not.</summary>
    public byte* Mapped { get; } = mapped;
    public RangeAllocator Ranges { get; } = new(size);
}
