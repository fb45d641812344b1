namespace VkInception.Vulkan;

/// <summary>The part of a block that one buffer occupies.</summary>
internal readonly record struct MemorySlice(MemoryBlock Block, long Offset, long Size);
