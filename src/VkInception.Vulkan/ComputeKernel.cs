using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>A kernel ready to dispatch on one device: a module with its constants and workgroup size set. The device owns it; nothing is to be disposed. Immutable: any thread may use it.</summary>
public sealed class ComputeKernel
{
    private readonly DeviceContext context;

    internal ComputeKernel(DeviceContext context, SpirvModule module, uint localSize, Pipeline pipeline, PipelineLayout layout)
    {
        this.context = context;
        Module = module;
        LocalSize = localSize;
        Pipeline = pipeline;
        Layout = layout;
    }

    /// <summary>The shader.</summary>
    public SpirvModule Module { get; }

    /// <summary>Invocations of a workgroup along x.</summary>
    public uint LocalSize { get; }

    internal Pipeline Pipeline { get; }
    internal PipelineLayout Layout { get; }

    internal void CheckOwner(DeviceContext device)
    {
        if (device != context)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Module.Name}: the kernel belongs to another device");
    }
}
