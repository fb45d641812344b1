using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>Moves bytes between host and device through a few reused buffers, in order with what is submitted. Any thread may call.</summary>
internal sealed unsafe class StagingPool(DeviceContext context, MemoryAllocator allocator, SubmissionQueue queue)
{
    private const int SmallestSlot = 64 << 10;
    private const int LargestSlot = 8 << 20;
    private const int MostSlots = 4;

    private const PipelineStageFlags2 Work = PipelineStageFlags2.ComputeShaderBit | PipelineStageFlags2.AllTransferBit;
    private const AccessFlags2 Written = AccessFlags2.ShaderWriteBit | AccessFlags2.TransferWriteBit;
    private const AccessFlags2 Accessed = Written | AccessFlags2.ShaderReadBit | AccessFlags2.TransferReadBit;

    private readonly Lock gate = new();
    private readonly List<StagingSlot> uploads = [];
    private readonly List<StagingSlot> downloads = [];

    public void Upload(GpuBuffer destination, long offset, ReadOnlySpan<byte> data)
    {
        destination.CheckRange(offset, data.Length);
        lock (gate)
        {
            // Nothing in flight that could still touch the buffer: the host writes for itself.
            if (destination.HostVisible && queue.IsIdle)
            {
                destination.Write(offset, data);
                return;
            }
            while (data.Length > 0)
            {
                StagingSlot slot = Rent(uploads, data.Length, MemoryUse.Upload);
                int bytes = (int)Math.Min(data.Length, slot.Buffer.Size);
                slot.Buffer.Write(0, data[..bytes]);
                slot.BusyUntil = Copy(slot, slot.Buffer, 0, destination, offset, bytes);
                data = data[bytes..];
                offset += bytes;
            }
        }
    }

    public void Download(GpuBuffer source, long offset, Span<byte> data)
    {
        source.CheckRange(offset, data.Length);
        lock (gate)
        {
            if (source.HostVisible && source.CheapToRead)
            {
                queue.Wait(queue.Submitted);
                source.Read(offset, data);
                return;
            }
            // Two chunks in flight: the device copies the next while the host reads the last.
            var pending = new Queue<(StagingSlot Slot, int At, int Bytes)>();
            for (int at = 0; at < data.Length;)
            {
                StagingSlot slot = Rent(downloads, data.Length - at, MemoryUse.Readback, pending);
                int bytes = (int)Math.Min(data.Length - at, slot.Buffer.Size);
                slot.BusyUntil = Copy(slot, source, offset + at, slot.Buffer, 0, bytes);
                pending.Enqueue((slot, at, bytes));
                at += bytes;
                if (pending.Count == 2)
                    Receive(pending.Dequeue(), data);
            }
            while (pending.TryDequeue(out (StagingSlot, int, int) next))
                Receive(next, data);
        }
    }

    public void Dispose()
    {
        foreach (StagingSlot slot in uploads.Concat(downloads))
        {
            slot.Buffer.Dispose();
            slot.Commands.Destroy();
        }
        uploads.Clear();
        downloads.Clear();
    }

    private void Receive((StagingSlot Slot, int At, int Bytes) chunk, Span<byte> data)
    {
        queue.Wait(chunk.Slot.BusyUntil);
        chunk.Slot.Buffer.Read(0, data.Slice(chunk.At, chunk.Bytes));
    }

    /// <summary>An idle slot, big enough or the largest there is; a new one while there are few; else the one that is idle first.</summary>
    private StagingSlot Rent(List<StagingSlot> slots, int bytes, MemoryUse use, Queue<(StagingSlot Slot, int At, int Bytes)>? taken = null)
    {
        long wanted = Math.Clamp((long)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)bytes), SmallestSlot, LargestSlot);
        List<StagingSlot> open = [.. slots.Where(slot => taken is null || !taken.Any(t => t.Slot == slot))];
        StagingSlot? fitting = open.Where(slot => slot.Buffer.Size >= wanted && queue.IsDone(slot.BusyUntil)).MinBy(slot => slot.Buffer.Size);
        if (fitting is not null)
            return fitting;
        if (slots.Count >= MostSlots)
        {
            StagingSlot next = open.OrderBy(slot => slot.Buffer.Size < wanted).ThenBy(slot => slot.BusyUntil).First();
            queue.Wait(next.BusyUntil);
            if (next.Buffer.Size >= wanted)
                return next;
            slots.Remove(next);
            next.Buffer.Dispose();
            next.Commands.Destroy();
        }
        string name = $"staging {use} {slots.Count}";
        StagingSlot created = Create(wanted, use, name);
        slots.Add(created);
        return created;
    }

    private StagingSlot Create(long bytes, MemoryUse use, string name)
    {
        GpuBuffer buffer = GpuBuffer.Create(context, allocator, queue, bytes, use, name);
        try
        {
            return new StagingSlot(buffer, new CommandMemory(context, name));
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private ulong Copy(StagingSlot slot, GpuBuffer source, long sourceOffset, GpuBuffer destination, long destinationOffset, long bytes)
    {
        slot.Commands.Reset();
        slot.Commands.Begin(CommandBufferUsageFlags.OneTimeSubmitBit);
        CommandBuffer commands = slot.Commands.Buffer;
        context.Synchronization.Barrier(commands, Work, Written, PipelineStageFlags2.AllTransferBit, AccessFlags2.TransferReadBit | AccessFlags2.TransferWriteBit);
        var region = new BufferCopy { SrcOffset = (ulong)sourceOffset, DstOffset = (ulong)destinationOffset, Size = (ulong)bytes };
        context.Vk.CmdCopyBuffer(commands, source.Handle, destination.Handle, 1, &region);
        context.Synchronization.Barrier(commands, PipelineStageFlags2.AllTransferBit, AccessFlags2.TransferWriteBit, Work | PipelineStageFlags2.HostBit, Accessed | AccessFlags2.HostReadBit);
        slot.Commands.End();
        return queue.Submit(slot.Commands, $"copy '{source.Name}' to '{destination.Name}'");
    }
}
