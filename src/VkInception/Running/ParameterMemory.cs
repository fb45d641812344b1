using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Vulkan;

namespace VkInception.Running;

/// <summary>All parameters of a plan in one buffer, packed for the kernels.</summary>
internal sealed class ParameterMemory : IDisposable
{
    private const long Alignment = 256;

    private readonly GpuBuffer buffer;
    private readonly Dictionary<Storage, long> offsets = [];
    private readonly List<string> warnings = [];

    public ParameterMemory(GpuDevice device, ImmutableArray<Storage> storages, IWeightSource weights, CancellationToken cancel)
    {
        long bytes = 0;
        foreach (Storage storage in storages)
        {
            offsets.Add(storage, bytes);
            bytes += (storage.Bytes + Alignment - 1) / Alignment * Alignment;
        }
        buffer = device.Allocate(Math.Max(bytes, Alignment), Vulkan.MemoryUse.Device, "parameters");
        try
        {
            Upload(device, weights, cancel);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    public long Bytes => buffer.Size;

    /// <summary>A line for every parameter with elements that are not finite.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    public ulong AddressOf(Storage storage) => buffer.Address + (ulong)offsets[storage];

    public void Dispose() => buffer.Dispose();

    private void Upload(GpuDevice device, IWeightSource weights, CancellationToken cancel)
    {
        float[] memory = offsets.Count == 0 ? [] : new float[offsets.Keys.Max(s => s.Elements)];
        foreach ((Storage storage, long offset) in offsets)
        {
            cancel.ThrowIfCancellationRequested();
            Parameter parameter = storage.Parameter!;
            // One array for all: what a parameter's rows leave free stays zero.
            Span<float> packed = memory.AsSpan(0, (int)storage.Elements);
            packed.Clear();
            TensorLayout.Pack(Read(parameter).Span, parameter, packed);
            if (!AllFinite(packed)) warnings.Add($"{parameter.Name}: {NotFinite(packed)} of {packed.Length} elements are NaN or infinite");
            device.Upload(buffer, offset, storage.Type == ElementType.Float16 ? MemoryMarshal.AsBytes<Half>(Halved(parameter, packed)) : MemoryMarshal.AsBytes(packed));
        }

        ReadOnlyMemory<float> Read(Parameter parameter)
        {
            if (parameter.Value is { } value && !weights.Has(parameter)) return value;
            return parameter.Derive is null ? weights.Read(parameter) : parameter.Derive(Read);
        }
    }

    private Half[] Halved(Parameter parameter, ReadOnlySpan<float> packed)
    {
        var halves = new Half[packed.Length];
        int beyond = 0;
        for (int i = 0; i < packed.Length; i++)
        {
            halves[i] = (Half)packed[i];
            if (Half.IsInfinity(halves[i]) && float.IsFinite(packed[i])) beyond++;
        }
        if (beyond > 0) warnings.Add($"{parameter.Name}: {beyond} of {packed.Length} elements are beyond the range of half precision ({(int)Half.MaxValue}) and become infinite; use --precision fp32");
        return halves;
    }

    private static int NotFinite(ReadOnlySpan<float> values)
    {
        int found = 0;
        foreach (float v in values)
            if (!float.IsFinite(v)) found++;
        return found;
    }

    /// <summary>x·0 is 0 for every finite x and NaN for all others, so one sum tells.</summary>
    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<float> sum = Vector<float>.Zero;
        foreach (Vector<float> v in vectors) sum += v * 0f;
        float rest = Vector.Sum(sum);
        foreach (float v in values[(vectors.Length * Vector<float>.Count)..]) rest += v * 0f;
        return rest == 0;
    }
}
