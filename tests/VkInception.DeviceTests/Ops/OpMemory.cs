using System.Collections.Immutable;
using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Graph.Planning;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Ops;

/// <summary>The memory of one operation under test: tensors at chance places, NaN everywhere else, and a watch over what a run may change.</summary>
internal sealed class OpMemory(GpuDevice device, Random random)
{
    private readonly Dictionary<Storage, long> offsets = [];
    private long elements;
    private float[] memory = [];

    /// <summary>A view at any offset, dense or with gaps between the rows as the slice of a concatenation has.</summary>
    public TensorView Place(Shape shape)
    {
        int row = TensorView.RowLengthOf(shape);
        int gap = random.Next(3) switch { 0 => 0, 1 => 4 * random.Next(1, 4), _ => random.Next(1, 6) };
        int offset = random.Next(3) switch { 0 => 0, 1 => 4 * random.Next(1, 4), _ => random.Next(1, 6) };
        var storage = new Storage("block", offset + shape.Count / row * (row + gap));
        Reserve(storage);
        return new TensorView(shape, storage, offset, row + gap);
    }

    /// <summary>A dense view in memory of its own, or some way into the one block of a training step's parameters.</summary>
    public TensorView Place(Parameter parameter, bool own)
    {
        int offset = own ? 0 : 256 * random.Next(3);
        var storage = new Storage(parameter.Name, offset + parameter.Shape.Count, own ? parameter : null, resident: true);
        Reserve(storage);
        return new TensorView(parameter.Shape, storage, offset, TensorView.RowLengthOf(parameter.Shape));
    }

    /// <summary>Fills everything with NaN, the workspaces of these launches included, so that an element that no kernel writes, or one read from outside, shows.</summary>
    public void Poison(IEnumerable<ShaderDispatch> launches)
    {
        foreach (KernelTensor t in launches.SelectMany(l => l.Tensors)) Reserve(t.View.Storage);
        memory = new float[elements];
        Array.Fill(memory, float.NaN);
    }

    public void Write(TensorView view, ReadOnlySpan<float> logical) => TensorLayout.ToDevice(logical, view, At(view));

    public void Write(TensorView view, Parameter parameter, ReadOnlySpan<float> logical) => TensorLayout.Pack(logical, parameter, At(view));

    public float[] Read(TensorView view)
    {
        var logical = new float[view.Shape.Count];
        TensorLayout.FromDevice(At(view), view, logical);
        return logical;
    }

    /// <summary>A parameter's elements, or its gradient's, which lies as the parameter does.</summary>
    public float[] Read(TensorView view, Parameter parameter)
    {
        // Packing the numbers of the elements tells where each went.
        var places = new float[view.Shape.Count];
        TensorLayout.Pack([.. Enumerable.Range(0, places.Length).Select(i => (float)i)], parameter, places);
        var logical = new float[places.Length];
        Span<float> packed = At(view);
        for (int i = 0; i < places.Length; i++) logical[(int)places[i]] = packed[i];
        return logical;
    }

    /// <summary>Runs the launches; fails where anything changes but these views and workspaces. Without a declared dependency between two launches their order is chance.</summary>
    public void Run(Node node, IReadOnlyList<ShaderDispatch> launches, IEnumerable<TensorView> results, IEnumerable<TensorView> given, string what)
    {
        if (launches.Count == 0) return;
        float[] before = [.. memory];
        ImmutableArray<PlanStep> steps = [.. Shuffled(launches).Select((launch, i) => new PlanStep(node, i, launch, launch.Kernel, "", BarrierBefore: true))];
        var builder = new NetworkBuilder("test");
        var plan = new ExecutionPlan(builder.Build(builder.Input("x", [1])), steps, [], 0, ImmutableDictionary<Tensor, TensorView>.Empty, []);
        using (GpuBuffer buffer = device.Allocate(memory.Length * sizeof(float), MemoryUse.Device, "memory"))
        {
            device.Upload(buffer, 0, MemoryMarshal.AsBytes<float>(memory));
            using CommandRecorder recorder = device.Record(plan.Steps[0].Kernel);
            new PlanRecorder(device, plan, view => buffer.Address + (ulong)AddressOf(view) * sizeof(float), CancellationToken.None).Record(recorder);
            using RecordedCommands commands = recorder.End();
            device.Wait(device.Submit(commands));
            device.Download(buffer, 0, MemoryMarshal.AsBytes(memory.AsSpan()));
        }
        ExpectUntouched(before, launches, results, given, what);
    }

    private void ExpectUntouched(float[] before, IReadOnlyList<ShaderDispatch> launches, IEnumerable<TensorView> results, IEnumerable<TensorView> given, string what)
    {
        var mayChange = new bool[memory.Length];
        HashSet<Storage> own = [.. results.Concat(given).Select(v => v.Storage)];
        foreach (KernelTensor t in launches.SelectMany(l => l.Tensors).Where(t => t.Access != Access.Read && !own.Contains(t.View.Storage))) Allow(t.View);
        foreach (TensorView view in results) Allow(view);
        for (int i = 0; i < memory.Length; i++)
            if (!mayChange[i] && BitConverter.SingleToInt32Bits(before[i]) != BitConverter.SingleToInt32Bits(memory[i]))
            {
                KeyValuePair<Storage, long> at = offsets.Where(o => o.Value <= i).MaxBy(o => o.Value);
                Assert.Fail($"{what}element {i - at.Value} of {at.Key} (of {at.Key.Elements}), which is no result, was written: {before[i]} became {memory[i]}");
            }

        void Allow(TensorView view)
        {
            for (long row = 0; row < view.Rows; row++) Array.Fill(mayChange, true, (int)(AddressOf(view) + row * view.RowStride), view.RowLength);
        }
    }

    private List<ShaderDispatch> Shuffled(IReadOnlyList<ShaderDispatch> launches)
    {
        List<ShaderDispatch> order = [.. launches];
        for (int swap = 0; swap < order.Count * order.Count; swap++)
        {
            int i = random.Next(order.Count - 1 + (order.Count == 1 ? 1 : 0));
            if (i + 1 < order.Count && !Conflict(order[i], order[i + 1])) (order[i], order[i + 1]) = (order[i + 1], order[i]);
        }
        return order;
    }

    private static bool Conflict(ShaderDispatch a, ShaderDispatch b)
        => a.Tensors.Any(x => b.Tensors.Any(y => x.View.Storage == y.View.Storage && (x.Access != Access.Read || y.Access != Access.Read)));

    private void Reserve(Storage storage)
    {
        // As the planner: every block begins on 16 bytes.
        if (offsets.TryAdd(storage, elements)) elements += (storage.Elements + 7) / 4 * 4;
    }

    private Span<float> At(TensorView view) => memory.AsSpan((int)AddressOf(view));

    private long AddressOf(TensorView view) => offsets[view.Storage] + view.Offset;
}
