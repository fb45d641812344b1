namespace VkInception.Vulkan;

/// <summary>One staging buffer with the command buffer that copies through it; not to be touched before the timeline reaches <see cref="BusyUntil"/>.</summary>
internal sealed class StagingSlot(GpuBuffer buffer, CommandMemory commands)
{
    public GpuBuffer Buffer { get; } = buffer;
    public CommandMemory Commands { get; } = commands;
    public ulong BusyUntil { get; set; }
}
