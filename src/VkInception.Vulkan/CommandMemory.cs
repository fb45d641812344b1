using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>One command buffer with a pool of its own, so that any thread may record while others do.</summary>
internal sealed unsafe class CommandMemory
{
    private readonly DeviceContext context;
    private readonly CommandPool pool;

    public CommandMemory(DeviceContext context, string name)
    {
        this.context = context;
        var poolInfo = new CommandPoolCreateInfo { SType = StructureType.CommandPoolCreateInfo, QueueFamilyIndex = context.QueueFamily };
        CommandPool created;
        context.Vk.CreateCommandPool(context.Device, &poolInfo, null, &created).Check("vkCreateCommandPool", name);
        pool = created;
        var info = new CommandBufferAllocateInfo
        {
            SType = StructureType.CommandBufferAllocateInfo,
            CommandPool = pool,
            Level = CommandBufferLevel.Primary,
            CommandBufferCount = 1,
        };
        CommandBuffer buffer;
        Result result = context.Vk.AllocateCommandBuffers(context.Device, &info, &buffer);
        if (result != Result.Success)
            Destroy();
        result.Check("vkAllocateCommandBuffers", name);
        Buffer = buffer;
        context.Name(ObjectType.CommandBuffer, (ulong)buffer.Handle, name);
    }

    public CommandBuffer Buffer { get; }

    public void Begin(CommandBufferUsageFlags usage)
    {
        var info = new CommandBufferBeginInfo { SType = StructureType.CommandBufferBeginInfo, Flags = usage };
        context.Vk.BeginCommandBuffer(Buffer, &info).Check("vkBeginCommandBuffer");
    }

    public void End() => context.Vk.EndCommandBuffer(Buffer).Check("vkEndCommandBuffer");

    public void Reset() => context.Vk.ResetCommandPool(context.Device, pool, 0).Check("vkResetCommandPool");

    public void Destroy() => context.Vk.DestroyCommandPool(context.Device, pool, null);
}
