using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception.Training;

/// <summary>The blocks of a training step that outlive it: weights, gradients, optimizer state, each in a buffer of its own, zero at first.</summary>
internal sealed class ResidentMemory : IDisposable
{
    private readonly GpuDevice device;
    private readonly Dictionary<Storage, GpuBuffer> buffers = [];

    public ResidentMemory(GpuDevice device, IEnumerable<Storage> storages)
    {
        this.device = device;
        try
        {
            foreach (Storage storage in storages) buffers.Add(storage, device.Allocate(storage.Bytes, Vulkan.MemoryUse.Device, storage.Name));
            using CommandRecorder recorder = device.Record("clear");
            foreach (GpuBuffer buffer in buffers.Values) recorder.Fill(buffer, 0, buffer.Size, 0);
            using RecordedCommands clear = recorder.End();
            device.Wait(device.Submit(clear));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long Bytes => buffers.Values.Sum(b => b.Size);

    public GpuBuffer this[Storage storage] => buffers[storage];

    public ulong AddressOf(TensorView view) => buffers[view.Storage].Address + (ulong)view.OffsetBytes;

    /// <summary>The elements of a block in single precision.</summary>
    public float[] Read(Storage storage)
    {
        if (storage.Type != ElementType.Float32)
        {
            var bytes = new byte[storage.Bytes];
            device.Download(buffers[storage], 0, bytes);
            return TensorLayout.Widened(bytes, storage.Type);
        }
        var values = new float[storage.Elements];
        device.Download(buffers[storage], 0, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>Writes a block of single or double precision.</summary>
    public void Write(Storage storage, ReadOnlySpan<float> values)
    {
        if (storage.Type == ElementType.Float32) device.Upload(buffers[storage], 0, MemoryMarshal.AsBytes(values));
        else Write(storage, Array.ConvertAll(values.ToArray(), v => (double)v));
    }

    /// <summary>Writes a block of double precision.</summary>
    public void Write(Storage storage, ReadOnlySpan<double> values) => device.Upload(buffers[storage], 0, MemoryMarshal.AsBytes(values));

    public void Dispose()
    {
        foreach (GpuBuffer buffer in buffers.Values) buffer.Dispose();
    }
}
