using System.Text;
using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>Records kernels, copies and barriers once, to be submitted many times. One thread at a time; several recorders may record at once.</summary>
/// <remarks>Within a recording only barriers order the commands; one recording's commands see what earlier submissions wrote.</remarks>
public sealed unsafe class CommandRecorder : IDisposable, IDeviceChild
{
    private readonly DeviceContext context;
    private readonly SubmissionQueue queue;
    private readonly List<CommandMemory> parts = [];
    private readonly TimestampRecorder timestamps;
    private CommandBuffer commands;
    private Pipeline bound;
    private int dispatches;
    private int openLabels;

    internal CommandRecorder(DeviceContext context, SubmissionQueue queue, string name)
    {
        this.context = context;
        this.queue = queue;
        Name = name;
        timestamps = new TimestampRecorder(context);
        try
        {
            Begin();
            context.Adopt(this);
        }
        catch
        {
            Destroy();
            throw;
        }
    }

    /// <summary>Name for messages and debuggers.</summary>
    public string Name { get; }

    /// <summary>Runs a kernel.</summary>
    /// <param name="kernel">From this device's <see cref="GpuDevice.GetKernel"/>.</param>
    /// <param name="push">The whole push-constant block, laid out as <see cref="SpirvModule.Push"/> says.</param>
    /// <param name="groupsX">Workgroups along x.</param>
    /// <param name="groupsY">Workgroups along y.</param>
    /// <param name="groupsZ">Workgroups along z.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShaderFailed"/> for a block of another size; <see cref="ErrorCode.InvalidArgument"/> for more workgroups than the device allows.</exception>
    public void Dispatch(ComputeKernel kernel, ReadOnlySpan<byte> push, uint groupsX, uint groupsY, uint groupsZ)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        using DeviceUse use = CheckOpen();
        kernel.CheckOwner(context);
        if (push.Length != kernel.Module.PushBytes)
            throw new VkInceptionException(ErrorCode.ShaderFailed, $"{kernel.Module.Name}: its push constants are {kernel.Module.PushBytes} bytes, {push.Length} were passed");
        (uint x, uint y, uint z) = context.Candidate.Info.MaxWorkgroupCount;
        if (groupsX > x || groupsY > y || groupsZ > z)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{kernel.Module.Name}: {groupsX}×{groupsY}×{groupsZ} workgroups, and {context.Candidate.Info.Name} allows {x}×{y}×{z}; split the dispatch");
        if (kernel.Pipeline.Handle != bound.Handle)
        {
            context.Vk.CmdBindPipeline(commands, PipelineBindPoint.Compute, kernel.Pipeline);
            bound = kernel.Pipeline;
        }
        if (push.Length > 0)
        {
            fixed (byte* bytes = push)
                context.Vk.CmdPushConstants(commands, kernel.Layout, ShaderStageFlags.ComputeBit, 0, (uint)push.Length, bytes);
        }
        context.Vk.CmdDispatch(commands, groupsX, groupsY, groupsZ);
        dispatches++;
    }

    /// <summary>Kernels recorded after this see what kernels recorded before it wrote.</summary>
    public void Barrier() => Barrier(PipelineWork.Compute, PipelineWork.Compute);

    /// <summary>Work of the kinds <paramref name="to"/> recorded after this sees what work of the kinds <paramref name="from"/> recorded before it wrote.</summary>
    public void Barrier(PipelineWork from, PipelineWork to)
    {
        using DeviceUse use = CheckOpen();
        const PipelineWork all = PipelineWork.Compute | PipelineWork.Transfer;
        if ((from & all) == 0 || (to & all) == 0 || ((from | to) & ~all) != 0)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Name}: a barrier from {from} to {to} orders nothing");
        context.Synchronization.Barrier(commands, Stages(from), Writes(from), Stages(to), Writes(to) | Reads(to));
    }

    /// <summary>Copies bytes between buffers; the ranges must not overlap.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for a range outside its buffer.</exception>
    public void Copy(GpuBuffer src, long srcOffset, GpuBuffer dst, long dstOffset, long bytes)
    {
        ArgumentNullException.ThrowIfNull(src);
        ArgumentNullException.ThrowIfNull(dst);
        using DeviceUse use = CheckOpen();
        CheckBuffer(src);
        CheckBuffer(dst);
        src.CheckRange(srcOffset, bytes);
        dst.CheckRange(dstOffset, bytes);
        if (src == dst && srcOffset < dstOffset + bytes && dstOffset < srcOffset + bytes)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Name}: a copy within '{src.Name}' from {srcOffset} to {dstOffset} of {bytes} bytes overlaps itself");
        if (bytes == 0)
            return;
        var region = new BufferCopy { SrcOffset = (ulong)srcOffset, DstOffset = (ulong)dstOffset, Size = (ulong)bytes };
        context.Vk.CmdCopyBuffer(commands, src.Handle, dst.Handle, 1, &region);
    }

    /// <summary>Fills with a repeated 32-bit value; offset and length are multiples of 4, or the length reaches the end of the buffer.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for a range outside the buffer or not of whole words.</exception>
    public void Fill(GpuBuffer buffer, long offset, long bytes, uint value)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        using DeviceUse use = CheckOpen();
        CheckBuffer(buffer);
        buffer.CheckRange(offset, bytes);
        bool reachesEnd = offset + bytes == buffer.Size;
        if (offset % 4 != 0 || (bytes % 4 != 0 && !reachesEnd))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Name}: a fill of {bytes} bytes at {offset} is not of whole 32-bit words");
        if (bytes > 0)
            context.Vk.CmdFillBuffer(commands, buffer.Handle, (ulong)offset, (ulong)RangeAllocator.AlignUp(bytes, 4), value);
    }

    /// <summary>Opens a named group of commands for debuggers and profilers; groups nest.</summary>
    public void BeginLabel(string label)
    {
        using DeviceUse use = CheckOpen();
        openLabels++;
        if (context.Instance.DebugUtils is not { } debugUtils)
            return;
        fixed (byte* text = Encoding.UTF8.GetBytes(label + '\0'))
        {
            var info = new DebugUtilsLabelEXT { SType = StructureType.DebugUtilsLabelExt, PLabelName = text };
            debugUtils.CmdBeginDebugUtilsLabel(commands, &info);
        }
    }

    /// <summary>Closes the group opened last.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when none is open.</exception>
    public void EndLabel()
    {
        using DeviceUse use = CheckOpen();
        if (openLabels == 0)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Name}: no label is open");
        openLabels--;
        context.Instance.DebugUtils?.CmdEndDebugUtilsLabel(commands);
    }

    /// <summary>Takes the time once everything recorded before is done. The first one opens; each later one closes a span, which bears its label.</summary>
    /// <remarks>Does nothing on a device without timestamps (<see cref="DeviceInfo.Timestamps"/>).</remarks>
    public void Timestamp(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        using DeviceUse use = CheckOpen();
        timestamps.Write(commands, label);
    }

    /// <summary>Ends the recording.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> while a label is open; a Vulkan error where the driver cannot keep the commands.</exception>
    public RecordedCommands End()
    {
        using DeviceUse use = CheckOpen();
        if (openLabels > 0)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Name}: {openLabels} labels are still open");
        Close();
        // Everything that can fail is done: the commands have a new owner from here on.
        var recorded = new RecordedCommands(context, queue, [.. parts], timestamps, Name, dispatches);
        if (context.TryRelease(this))
            context.Leave();
        return recorded;
    }

    /// <summary>What is recorded from here on becomes a submission of its own, after what was recorded before: systems end a device whose submissions last for seconds.</summary>
    /// <remarks>Orders as a barrier of everything against everything does.</remarks>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> while a label is open; a Vulkan error where the driver cannot keep the commands.</exception>
    public void Split()
    {
        using DeviceUse use = CheckOpen();
        if (openLabels > 0)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Name}: {openLabels} labels are still open");
        Close();
        Begin();
    }

    /// <summary>Throws a recording away that was not ended; harmless after <see cref="End"/>.</summary>
    public void Dispose()
    {
        if (!context.TryRelease(this))
            return;
        try
        {
            Destroy();
        }
        finally
        {
            context.Leave();
        }
    }

    void IDeviceChild.TearDown() => Destroy();

    private void Begin()
    {
        var part = new CommandMemory(context, parts.Count == 0 ? Name : $"{Name}, part {parts.Count + 1}");
        parts.Add(part);
        // The same recording may be submitted again while it still runs.
        part.Begin(CommandBufferUsageFlags.SimultaneousUseBit);
        commands = part.Buffer;
        bound = default;
    }

    private void Close()
    {
        // Orders this part before whatever is submitted later, and before the host's reads.
        const PipelineWork all = PipelineWork.Compute | PipelineWork.Transfer;
        context.Synchronization.Barrier(commands, Stages(all), Writes(all),
            Stages(all) | PipelineStageFlags2.HostBit, Writes(all) | Reads(all) | AccessFlags2.HostReadBit);
        parts[^1].End();
    }

    private void Destroy()
    {
        timestamps.Destroy();
        foreach (CommandMemory part in parts)
            part.Destroy();
    }

    private static PipelineStageFlags2 Stages(PipelineWork work) =>
        (work.HasFlag(PipelineWork.Compute) ? PipelineStageFlags2.ComputeShaderBit : 0) | (work.HasFlag(PipelineWork.Transfer) ? PipelineStageFlags2.AllTransferBit : 0);

    private static AccessFlags2 Writes(PipelineWork work) =>
        (work.HasFlag(PipelineWork.Compute) ? AccessFlags2.ShaderWriteBit : 0) | (work.HasFlag(PipelineWork.Transfer) ? AccessFlags2.TransferWriteBit : 0);

    private static AccessFlags2 Reads(PipelineWork work) =>
        (work.HasFlag(PipelineWork.Compute) ? AccessFlags2.ShaderReadBit : 0) | (work.HasFlag(PipelineWork.Transfer) ? AccessFlags2.TransferReadBit : 0);

    private DeviceUse CheckOpen()
    {
        DeviceUse use = context.Enter();
        if (context.Holds(this))
            return use;
        use.Dispose();
        throw new ObjectDisposedException(nameof(CommandRecorder), $"{Name}: the recording is ended or thrown away");
    }

    private void CheckBuffer(GpuBuffer buffer)
    {
        ObjectDisposedException.ThrowIf(buffer.IsDisposed, buffer);
        if (buffer.Owner != context)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Name}: buffer '{buffer.Name}' belongs to another device");
    }
}
