using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception.Tuning;

/// <summary>The memory of one piece of work at its real shapes and strides: made-up inputs, poison where nothing may be written.</summary>
internal sealed class WorkMemory : IDisposable
{
    /// <summary>NaN as a float and as two halves, which no kernel makes.</summary>
    private const uint Poison = 0x7FFF7FFF;

    /// <summary>Elements in front of and behind what is used, to see stray writes.</summary>
    private const int Guard = 64;

    /// <summary>A prime, so that no row looks like the next.</summary>
    private const int Distinct = 65521;

    /// <summary>Each block begins elsewhere in the noise: a gradient would else sum squares, whose rounding errors add up.</summary>
    private const int Apart = 7919;

    private static readonly float[] Noise = MakeNoise();

    private readonly GpuDevice device;
    private readonly TensorView result;
    private readonly Dictionary<Storage, (long First, GpuBuffer Buffer)> blocks = [];
    private readonly byte[] before;

    /// <summary>Takes and fills the memory.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.OutOfDeviceMemory"/>.</exception>
    public WorkMemory(GpuDevice device, Dispatch work)
    {
        this.device = device;
        KernelTensor written = work.Tensors[^1];
        result = written.View;
        before = [];
        try
        {
            foreach (IGrouping<Storage, KernelTensor> block in work.Tensors.GroupBy(t => t.View.Storage))
            {
                byte[] content = Take(block.Key, [.. block.Select(t => t.View)]);
                if (block.Key != result.Storage) continue;
                // What is added to must be a number; what is overwritten must not look like a result.
                if (written.Access == Access.Write) ForEachRow(row => MemoryMarshal.Cast<byte, ushort>(content.AsSpan(row.Start, row.Length)).Fill(unchecked((ushort)Poison)));
                before = content;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where a tensor of the work lies.</summary>
    public ulong AddressOf(TensorView view)
    {
        (long first, GpuBuffer buffer) = blocks[view.Storage];
        return buffer.Address + (ulong)((view.Offset - first) * view.Storage.ElementBytes);
    }

    /// <summary>Takes memory for the workspaces of a kernel; they are given back together.</summary>
    public Workspaces Reserve(IEnumerable<ShaderDispatch> launches)
    {
        var taken = new Dictionary<Storage, GpuBuffer>();
        try
        {
            foreach (Storage storage in launches.SelectMany(l => l.Tensors).Select(t => t.View.Storage).Where(s => !blocks.ContainsKey(s)).Distinct())
                taken.Add(storage, device.Allocate(storage.Bytes + Guard, MemoryUse.Device, storage.Name));
            return new Workspaces(this, taken);
        }
        catch
        {
            foreach (GpuBuffer buffer in taken.Values) buffer.Dispose();
            throw;
        }
    }

    /// <summary>Puts everything back as it was before the first run, workspaces poisoned.</summary>
    public void Reset(Workspaces workspaces)
    {
        device.Upload(blocks[result.Storage].Buffer, 0, before);
        using CommandRecorder recorder = device.Record("poison");
        foreach (GpuBuffer buffer in workspaces.Buffers) recorder.Fill(buffer, 0, buffer.Size / 4 * 4, Poison);
        using RecordedCommands commands = recorder.End();
        device.Wait(device.Submit(commands));
    }

    /// <summary>The result, row by row.</summary>
    /// <param name="problem">Null, or what was written beside it.</param>
    public float[] Read(out string? problem)
    {
        var memory = new byte[before.Length];
        device.Download(blocks[result.Storage].Buffer, 0, memory);
        var values = new List<float>((int)result.Shape.Count);
        ForEachRow(row =>
        {
            values.AddRange(TensorLayout.Widened(memory.AsSpan(row.Start, row.Length), result.Type));
            before.AsSpan(row.Start, row.Length).CopyTo(memory.AsSpan(row.Start));
        });
        int stray = memory.AsSpan().CommonPrefixLength(before);
        problem = stray == before.Length ? null : $"it wrote {stray / result.Storage.ElementBytes} elements into the block, which is not its result";
        return [.. values];
    }

    public void Dispose()
    {
        foreach ((_, GpuBuffer buffer) in blocks.Values) buffer.Dispose();
        blocks.Clear();
    }

    /// <summary>Memory for as much of a block as these views touch, and what it holds.</summary>
    private byte[] Take(Storage storage, IReadOnlyList<TensorView> views)
    {
        // Whole alignments in front, so that what is aligned stays so.
        long first = Math.Max(0, views.Min(v => v.Offset) / Guard * Guard - Guard), end = views.Max(v => v.Offset + v.Extent) + Guard;
        var content = new byte[(end - first) * storage.ElementBytes];
        float[] noise = [.. Noise.AsSpan(Apart * blocks.Count % Distinct), .. Noise.AsSpan(0, Apart * blocks.Count % Distinct)];
        if (storage.Type == ElementType.Float16) Repeat(content, Array.ConvertAll(noise, v => (Half)v));
        else Repeat(content, noise);
        blocks.Add(storage, (first, device.Allocate(content.Length, MemoryUse.Device, storage.Name)));
        device.Upload(blocks[storage].Buffer, 0, content);
        return content;
    }

    private static void Repeat<T>(byte[] content, T[] noise) where T : unmanaged
    {
        Span<T> elements = MemoryMarshal.Cast<byte, T>(content.AsSpan());
        for (int at = 0; at < elements.Length; at += noise.Length) noise.AsSpan(0, Math.Min(noise.Length, elements.Length - at)).CopyTo(elements[at..]);
    }

    private void ForEachRow(Action<(int Start, int Length)> act)
    {
        int size = result.Storage.ElementBytes;
        long first = blocks[result.Storage].First;
        for (long row = 0; row < result.Rows; row++) act(((int)((result.Offset - first + row * result.RowStride) * size), result.RowLength * size));
    }

    private static float[] MakeNoise()
    {
        var random = new Random(4);
        var values = new float[Distinct];
        // Halves, so that a kernel in half precision gets the same inputs.
        for (int i = 0; i < values.Length; i++) values[i] = (float)(Half)(random.NextSingle() * 2 - 1);
        return values;
    }
}
