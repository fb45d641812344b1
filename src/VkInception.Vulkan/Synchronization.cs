using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>The three commands of synchronization2, under their core names (Vulkan 1.3) or the extension's (a 1.2 device).</summary>
internal sealed unsafe class Synchronization
{
    private readonly delegate* unmanaged<CommandBuffer, DependencyInfo*, void> pipelineBarrier;
    private readonly delegate* unmanaged<Queue, uint, SubmitInfo2*, Fence, Result> queueSubmit;
    private readonly delegate* unmanaged<CommandBuffer, PipelineStageFlags2, QueryPool, uint, void> writeTimestamp;

    public Synchronization(VulkanInstance instance, bool core)
    {
        string suffix = core ? "" : "KHR";
        pipelineBarrier = (delegate* unmanaged<CommandBuffer, DependencyInfo*, void>)Find(instance, "vkCmdPipelineBarrier2" + suffix);
        queueSubmit = (delegate* unmanaged<Queue, uint, SubmitInfo2*, Fence, Result>)Find(instance, "vkQueueSubmit2" + suffix);
        writeTimestamp = (delegate* unmanaged<CommandBuffer, PipelineStageFlags2, QueryPool, uint, void>)Find(instance, "vkCmdWriteTimestamp2" + suffix);
    }

    /// <summary>A global memory barrier: what <paramref name="from"/> wrote is seen by <paramref name="to"/>.</summary>
    public void Barrier(CommandBuffer commands, PipelineStageFlags2 from, AccessFlags2 written, PipelineStageFlags2 to, AccessFlags2 accessed)
    {
        var barrier = new MemoryBarrier2
        {
            SType = StructureType.MemoryBarrier2,
            SrcStageMask = from,
            SrcAccessMask = written,
            DstStageMask = to,
            DstAccessMask = accessed,
        };
        var dependency = new DependencyInfo { SType = StructureType.DependencyInfo, MemoryBarrierCount = 1, PMemoryBarriers = &barrier };
        pipelineBarrier(commands, &dependency);
    }

    public Result Submit(Queue queue, CommandBuffer commands, Silk.NET.Vulkan.Semaphore timeline, ulong value)
    {
        var commandInfo = new CommandBufferSubmitInfo { SType = StructureType.CommandBufferSubmitInfo, CommandBuffer = commands };
        var signal = new SemaphoreSubmitInfo
        {
            SType = StructureType.SemaphoreSubmitInfo,
            Semaphore = timeline,
            Value = value,
            StageMask = PipelineStageFlags2.AllCommandsBit,
        };
        var submit = new SubmitInfo2
        {
            SType = StructureType.SubmitInfo2,
            CommandBufferInfoCount = 1,
            PCommandBufferInfos = &commandInfo,
            SignalSemaphoreInfoCount = 1,
            PSignalSemaphoreInfos = &signal,
        };
        return queueSubmit(queue, 1, &submit, default);
    }

    public void WriteTimestamp(CommandBuffer commands, QueryPool pool, uint query) =>
        writeTimestamp(commands, PipelineStageFlags2.AllCommandsBit, pool, query);

    private static nint Find(VulkanInstance instance, string name)
    {
        nint function = instance.Vk.FindFunction(instance.Handle, name);
        return function != 0
            ? function
            : throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"{name}: the Vulkan loader does not have it; update the loader");
    }
}
