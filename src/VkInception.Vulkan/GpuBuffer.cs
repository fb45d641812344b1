using Silk.NET.Vulkan;
using Buffer = Silk.NET.Vulkan.Buffer;

namespace VkInception.Vulkan;

/// <summary>Memory of a device that kernels reach by its address. Disposing it waits for nothing: the memory goes back once the work submitted so far is done.</summary>
/// <remarks>Any thread may use and dispose it; who maps, reads or writes it must not while another thread disposes it.</remarks>
public sealed unsafe class GpuBuffer : IDisposable, IDeviceChild
{
    private readonly DeviceContext context;
    private readonly MemoryAllocator allocator;
    private readonly SubmissionQueue queue;
    private readonly MemorySlice slice;
    private readonly byte* mapped;

    private GpuBuffer(DeviceContext context, MemoryAllocator allocator, SubmissionQueue queue, Buffer handle, MemorySlice slice, long size, string name)
    {
        this.context = context;
        this.allocator = allocator;
        this.queue = queue;
        this.slice = slice;
        Handle = handle;
        Size = size;
        Name = name;
        mapped = slice.Block.Mapped == null ? null : slice.Block.Mapped + slice.Offset;
        var info = new BufferDeviceAddressInfo { SType = StructureType.BufferDeviceAddressInfo, Buffer = handle };
        Address = context.Vk.GetBufferDeviceAddress(context.Device, &info);
    }

    /// <summary>The device's 64-bit address of the first byte, a multiple of 16 at least; what kernels get in push constants.</summary>
    public ulong Address { get; }
    /// <summary>Bytes asked for. The memory behind goes on to the next multiple of 16.</summary>
    public long Size { get; }
    /// <summary>Name for messages and debuggers.</summary>
    public string Name { get; }
    /// <summary>True where the host reaches the memory without a copy.</summary>
    public bool HostVisible => mapped != null;

    internal Buffer Handle { get; }
    internal DeviceContext Owner => context;
    /// <summary>Reading uncached device memory costs more than a copy to memory that is cached.</summary>
    internal bool CheapToRead { get; private init; }

    /// <summary>The memory as the host sees it, at most 2 GiB from <paramref name="offset"/>. The host must keep to times when no submitted work touches it.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when not <see cref="HostVisible"/> or outside the buffer.</exception>
    public Span<byte> Map(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(context.Closed || IsDisposed, this);
        if (mapped == null)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"buffer '{Name}' lies in memory that the host cannot see; use GpuDevice.Upload and Download");
        CheckRange(offset, length);
        return new Span<byte>(mapped + offset, length);
    }

    /// <summary>Writes bytes directly. See <see cref="Map"/>.</summary>
    public void Write(long offset, ReadOnlySpan<byte> data) => data.CopyTo(Map(offset, data.Length));

    /// <summary>Reads bytes directly. See <see cref="Map"/>.</summary>
    public void Read(long offset, Span<byte> data) => Map(offset, data.Length).CopyTo(data);

    /// <summary>Gives the memory back; twice, or after the device is gone, is harmless.</summary>
    public void Dispose()
    {
        if (!context.TryRelease(this))
            return;
        try
        {
            // A copy that another thread has begun goes through.
            lock (Copying)
            {
                IsDisposed = true;
                queue.Retire(Destroy);
            }
        }
        finally
        {
            context.Leave();
        }
    }

    void IDeviceChild.TearDown()
    {
        IsDisposed = true;
        Destroy();
    }

    internal bool IsDisposed { get; private set; }

    /// <summary>Held while bytes are copied from or to the buffer.</summary>
    internal Lock Copying { get; } = new();

    internal static GpuBuffer Create(DeviceContext context, MemoryAllocator allocator, SubmissionQueue queue, long bytes, MemoryUse use, string name)
    {
        if (bytes <= 0)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"buffer '{name}' of {bytes} bytes: a buffer has at least one");
        if (bytes > context.Candidate.MaxBufferSize - 15)
            throw new VkInceptionException(ErrorCode.OutOfDeviceMemory, $"buffer '{name}' of {bytes:N0} bytes: {context.Candidate.Info.Name} allows {context.Candidate.MaxBufferSize:N0} at most; use a smaller batch");
        Vk vk = context.Vk;
        var info = new BufferCreateInfo
        {
            SType = StructureType.BufferCreateInfo,
            // Whole vectors may be read and filled at the end.
            Size = (ulong)RangeAllocator.AlignUp(bytes, 16),
            Usage = BufferUsageFlags.StorageBufferBit | BufferUsageFlags.TransferSrcBit | BufferUsageFlags.TransferDstBit | BufferUsageFlags.ShaderDeviceAddressBit,
            SharingMode = SharingMode.Exclusive,
        };
        Buffer handle;
        vk.CreateBuffer(context.Device, &info, null, &handle).Check("vkCreateBuffer", name);
        MemorySlice? slice = null;
        try
        {
            MemoryRequirements requirements;
            vk.GetBufferMemoryRequirements(context.Device, handle, &requirements);
            requirements.Alignment = Math.Max(requirements.Alignment, 16);
            slice = Take(allocator, queue, requirements, use, name);
            vk.BindBufferMemory(context.Device, handle, slice.Value.Block.Memory, (ulong)slice.Value.Offset).Check("vkBindBufferMemory", name);
            context.Name(ObjectType.Buffer, handle.Handle, name);
            var buffer = new GpuBuffer(context, allocator, queue, handle, slice.Value, bytes, name) { CheapToRead = allocator.IsCached(slice.Value.Block) };
            context.Adopt(buffer);
            return buffer;
        }
        catch
        {
            vk.DestroyBuffer(context.Device, handle, null);
            if (slice is { } taken)
                allocator.Free(taken);
            throw;
        }
    }

    internal void CheckRange(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Size - length)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"buffer '{Name}' has {Size:N0} bytes; {length:N0} at {offset:N0} lie outside");
    }

    private static MemorySlice Take(MemoryAllocator allocator, SubmissionQueue queue, MemoryRequirements requirements, MemoryUse use, string name)
    {
        queue.DestroyRetired();
        try
        {
            return allocator.Allocate(requirements, use, name);
        }
        catch (VkInceptionException e) when (e.Code == ErrorCode.OutOfDeviceMemory && queue.HasRetired)
        {
            // What was disposed of while it was at work gives its memory back once that is done.
            queue.Settle(queue.Submitted);
            queue.DestroyRetired();
            return allocator.Allocate(requirements, use, name);
        }
    }

    private void Destroy()
    {
        context.Vk.DestroyBuffer(context.Device, Handle, null);
        allocator.Free(slice);
    }
}
