using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Graph.Planning;
using VkInception.Vulkan;

namespace VkInception.Running;

/// <summary>The parameters of a plan, packed for the kernels, and what is prepared from them.</summary>
internal sealed class ParameterMemory : IDisposable
{
    private const long Alignment = 256;

    private readonly Dictionary<Storage, (GpuBuffer Buffer, long Offset)> places = [];
    private readonly List<string> warnings = [];
    private readonly GpuBuffer buffer;

    /// <summary>What only the preparation reads; null where there is none, and once that is done.</summary>
    private GpuBuffer? passing;

    public ParameterMemory(GpuDevice device, ExecutionPlan plan, IWeightSource weights, CancellationToken cancel)
    {
        buffer = Allocate(device, [.. plan.ParameterStorages.Except(plan.PassingStorages), .. plan.PreparedStorages]);
        try
        {
            if (!plan.PassingStorages.IsEmpty) passing = Allocate(device, plan.PassingStorages);
            Upload(device, weights, plan.ParameterStorages, cancel);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Bytes that stay.</summary>
    public long Bytes => buffer.Size;

    /// <summary>A line for every parameter with elements that are not finite.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    public ulong AddressOf(Storage storage) => places[storage].Buffer.Address + (ulong)places[storage].Offset;

    /// <summary>Runs the plan's preparation and gives back what only it reads.</summary>
    public void Prepare(GpuDevice device, ExecutionPlan plan, CancellationToken cancel)
    {
        if (!plan.Preparation.IsEmpty)
        {
            using CommandRecorder recorder = device.Record($"{plan.Network.Name} preparation");
            new PlanRecorder(device, plan.Preparation, view => AddressOf(view.Storage) + (ulong)view.OffsetBytes, cancel).Record(recorder);
            using RecordedCommands commands = recorder.End();
            device.Wait(device.Submit(commands));
        }
        passing?.Dispose();
        passing = null;
    }

    public void Dispose()
    {
        passing?.Dispose();
        buffer.Dispose();
    }

    private GpuBuffer Allocate(GpuDevice device, IReadOnlyList<Storage> storages)
    {
        long bytes = storages.Sum(Aligned);
        GpuBuffer memory = device.Allocate(Math.Max(bytes, Alignment), Vulkan.MemoryUse.Device, "parameters");
        long offset = 0;
        foreach (Storage storage in storages)
        {
            places.Add(storage, (memory, offset));
            offset += Aligned(storage);
        }
        return memory;
    }

    private static long Aligned(Storage storage) => (storage.Bytes + Alignment - 1) / Alignment * Alignment;

    private void Upload(GpuDevice device, IWeightSource weights, ImmutableArray<Storage> storages, CancellationToken cancel)
    {
        float[] memory = storages.IsEmpty ? [] : new float[storages.Max(s => s.Elements)];
        foreach (Storage storage in storages)
        {
            cancel.ThrowIfCancellationRequested();
            Parameter parameter = storage.Parameter!;
            // One array for all: what a parameter's rows leave free stays zero.
            Span<float> packed = memory.AsSpan(0, (int)storage.Elements);
            packed.Clear();
            TensorLayout.Pack(Read(parameter).Span, parameter, packed);
            if (!AllFinite(packed)) warnings.Add($"{parameter.Name}: {NotFinite(packed)} of {packed.Length} elements are NaN or infinite");
            device.Upload(places[storage].Buffer, places[storage].Offset, storage.Type == ElementType.Float16 ? MemoryMarshal.AsBytes<Half>(Halved(parameter, packed)) : MemoryMarshal.AsBytes(packed));
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
