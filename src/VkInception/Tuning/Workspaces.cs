using VkInception.Graph;
using VkInception.Vulkan;

namespace VkInception.Tuning;

/// <summary>What one kernel needs beside the tensors of the work.</summary>
internal sealed class Workspaces(WorkMemory memory, IReadOnlyDictionary<Storage, GpuBuffer> taken) : IDisposable
{
    public IEnumerable<GpuBuffer> Buffers => taken.Values;

    public ulong AddressOf(TensorView view)
        => taken.TryGetValue(view.Storage, out GpuBuffer? buffer) ? buffer.Address + (ulong)view.OffsetBytes : memory.AddressOf(view);

    public void Dispose()
    {
        foreach (GpuBuffer buffer in taken.Values) buffer.Dispose();
    }
}
