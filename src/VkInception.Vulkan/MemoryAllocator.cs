using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>Takes memory from the driver in growing blocks per memory type and hands out slices; any thread may call.</summary>
internal sealed unsafe class MemoryAllocator
{
    private const long FirstBlock = 4L << 20;
    private const long LargestBlock = 256L << 20;
    private const string Budget = "VK_EXT_memory_budget";

    private readonly Lock gate = new();
    private readonly Vk vk;
    private readonly Device device;
    private readonly DeviceCandidate candidate;
    private readonly MemoryPropertyFlags[] types;
    private readonly int[] heapOfType;
    private readonly (long Size, bool DeviceLocal)[] heaps;
    private readonly long[] allocatedPerHeap;
    private readonly List<MemoryBlock> blocks = [];
    private long used;
    private long peak;
    private int buffers;

    public MemoryAllocator(DeviceContext context)
    {
        vk = context.Vk;
        device = context.Device;
        candidate = context.Candidate;
        PhysicalDeviceMemoryProperties memory;
        vk.GetPhysicalDeviceMemoryProperties(candidate.Handle, &memory);
        ReadOnlySpan<MemoryType> memoryTypes = memory.MemoryTypes.AsSpan()[..(int)memory.MemoryTypeCount];
        ReadOnlySpan<MemoryHeap> memoryHeaps = memory.MemoryHeaps.AsSpan()[..(int)memory.MemoryHeapCount];
        types = new MemoryPropertyFlags[memoryTypes.Length];
        heapOfType = new int[memoryTypes.Length];
        for (int i = 0; i < types.Length; i++)
            (types[i], heapOfType[i]) = (memoryTypes[i].PropertyFlags, (int)memoryTypes[i].HeapIndex);
        heaps = new (long, bool)[memoryHeaps.Length];
        for (int i = 0; i < heaps.Length; i++)
            heaps[i] = ((long)Math.Min(memoryHeaps[i].Size, long.MaxValue), memoryHeaps[i].Flags.HasFlag(MemoryHeapFlags.DeviceLocalBit));
        allocatedPerHeap = new long[heaps.Length];
    }

    /// <summary>A slice that meets the requirements, from an existing block or a new one.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.OutOfDeviceMemory"/>: what was asked for and what is there.</exception>
    public MemorySlice Allocate(MemoryRequirements requirements, MemoryUse use, string name)
    {
        long size = (long)requirements.Size, alignment = (long)requirements.Alignment;
        IReadOnlyList<int> fitting = MemoryTypes.For(use, types, requirements.MemoryTypeBits, candidate.Info.UnifiedMemory);
        lock (gate)
        {
            string refusal = "the driver has no memory type for it";
            foreach (int type in fitting)
            {
                if ((FromBlocks(type, size, alignment) ?? Grow(type, size, ref refusal)) is { } slice)
                {
                    used += slice.Size;
                    buffers++;
                    return slice;
                }
            }
            throw new VkInceptionException(ErrorCode.OutOfDeviceMemory, $"no memory for buffer '{name}' ({Bytes(size)}, {use}) on {candidate.Info.Name}: {refusal}; {Describe()}; use a smaller batch, fp16, or a device with more memory");
        }
    }

    /// <summary>Takes a slice back; a block that becomes empty goes back to the driver.</summary>
    public void Free(MemorySlice slice)
    {
        lock (gate)
        {
            slice.Block.Ranges.Free(slice.Offset, slice.Size);
            used -= slice.Size;
            buffers--;
            if (slice.Block.Ranges.IsEmpty)
            {
                blocks.Remove(slice.Block);
                Release(slice.Block);
            }
        }
    }

    /// <summary>True where the host reads the block through its cache.</summary>
    public bool IsCached(MemoryBlock block) => types[block.Type].HasFlag(MemoryPropertyFlags.HostCachedBit);

    public DeviceMemoryUse Use()
    {
        lock (gate)
        {
            long[]? budgets = Budgets();
            return new DeviceMemoryUse(allocatedPerHeap.Sum(), used, peak, blocks.Count, buffers,
                [.. heaps.Select((heap, i) => new HeapUse(heap.DeviceLocal, heap.Size, allocatedPerHeap[i], budgets?[i]))]);
        }
    }

    private MemorySlice? FromBlocks(int type, long size, long alignment)
    {
        foreach (MemoryBlock block in blocks)
        {
            if (block.Type == type && !block.Dedicated && block.Ranges.Allocate(size, alignment) is { } offset)
                return new MemorySlice(block, offset, size);
        }
        return null;
    }

    private MemorySlice? Grow(int type, long size, ref string refusal)
    {
        if (size > candidate.MaxAllocationSize)
        {
            refusal = $"one allocation can have {Bytes(candidate.MaxAllocationSize)} at most";
            return null;
        }
        if (blocks.Count >= candidate.MaxAllocationCount)
        {
            refusal = $"the driver allows {candidate.MaxAllocationCount} allocations, all are in use";
            return null;
        }
        int heap = heapOfType[type];
        long room = Room(heap);
        if (size > room)
        {
            refusal = $"the {(heaps[heap].DeviceLocal ? "device's" : "host's")} heap has room for {Bytes(room)}";
            return null;
        }

        long shared = Math.Min(NextBlockSize(type), Math.Min(candidate.MaxAllocationSize, Math.Min(room, heaps[heap].Size / 8)));
        // Half a block or more would leave a hole that little fits into.
        bool dedicated = size > shared / 2;
        for (long wanted = dedicated ? size : shared; ; wanted = Math.Max(size, wanted / 2))
        {
            Result result = Take(type, wanted, dedicated || wanted == size, out MemoryBlock? block, out string call);
            if (block is not null)
                return new MemorySlice(block, block.Ranges.Allocate(size, 1)!.Value, size);
            if (!VulkanCall.IsOutOfMemory(result))
                throw VulkanCall.Failure(result, call, Bytes(wanted));
            refusal = $"the driver refused {Bytes(wanted)} ({result})";
            if (wanted == size)
                return null;
        }
    }

    /// <summary>Twice what this type has in shared blocks, so that many small buffers need few blocks and few need little.</summary>
    private long NextBlockSize(int type)
    {
        long held = blocks.Where(block => block.Type == type && !block.Dedicated).Sum(block => block.Size);
        return Math.Clamp(held, FirstBlock, LargestBlock);
    }

    private Result Take(int type, long size, bool dedicated, out MemoryBlock? block, out string call)
    {
        block = null;
        call = "vkAllocateMemory";
        var flags = new MemoryAllocateFlagsInfo { SType = StructureType.MemoryAllocateFlagsInfo, Flags = MemoryAllocateFlags.DeviceAddressBit };
        var info = new MemoryAllocateInfo
        {
            SType = StructureType.MemoryAllocateInfo,
            PNext = &flags,
            AllocationSize = (ulong)size,
            MemoryTypeIndex = (uint)type,
        };
        DeviceMemory memory;
        Result result = vk.AllocateMemory(device, &info, null, &memory);
        if (result != Result.Success)
            return result;
        void* mapped = null;
        if (MemoryTypes.IsMapped(types[type]))
        {
            call = "vkMapMemory";
            result = vk.MapMemory(device, memory, 0, Vk.WholeSize, 0, &mapped);
            if (result != Result.Success)
            {
                vk.FreeMemory(device, memory, null);
                return result;
            }
        }
        block = new MemoryBlock(memory, size, type, dedicated, (byte*)mapped);
        blocks.Add(block);
        allocatedPerHeap[heapOfType[type]] += size;
        peak = Math.Max(peak, allocatedPerHeap.Sum());
        return Result.Success;
    }

    private void Release(MemoryBlock block)
    {
        // Freeing unmaps.
        vk.FreeMemory(device, block.Memory, null);
        allocatedPerHeap[heapOfType[block.Type]] -= block.Size;
    }

    /// <summary>Bytes that can still be taken: the heap's size, or less where the driver gives this process a budget.</summary>
    private long Room(int heap)
    {
        long room = heaps[heap].Size - allocatedPerHeap[heap];
        return Budgets() is { } budgets ? Math.Clamp(budgets[heap], 0, Math.Max(0, room)) : Math.Max(0, room);
    }

    /// <summary>What each heap's budget leaves beyond what this process uses already, other devices' objects included.</summary>
    private long[]? Budgets()
    {
        if (!candidate.Extensions.Contains(Budget))
            return null;
        var budget = new PhysicalDeviceMemoryBudgetPropertiesEXT { SType = StructureType.PhysicalDeviceMemoryBudgetPropertiesExt };
        var memory = new PhysicalDeviceMemoryProperties2 { SType = StructureType.PhysicalDeviceMemoryProperties2, PNext = &budget };
        vk.GetPhysicalDeviceMemoryProperties2(candidate.Handle, &memory);
        var left = new long[heaps.Length];
        for (int i = 0; i < left.Length; i++)
            left[i] = (long)Math.Min(budget.HeapBudget[i] - Math.Min(budget.HeapUsage[i], budget.HeapBudget[i]), long.MaxValue);
        return left;
    }

    private string Describe() =>
        $"{Bytes(allocatedPerHeap.Sum())} in {blocks.Count} allocations are taken, the device has {Bytes((long)candidate.Info.MemoryBytes)}";

    private static string Bytes(long count) => count >= 1L << 30 ? $"{count / (double)(1L << 30):0.0} GiB"
        : count >= 1L << 20 ? $"{count / (double)(1L << 20):0.0} MiB" : $"{count:N0} bytes";
}
