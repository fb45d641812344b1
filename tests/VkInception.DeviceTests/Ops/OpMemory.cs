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
    /// <summary>NaN as a float, as two halves, and twice as a double.</summary>
    private const uint Nothing = 0x7FFF7FFF;

    private readonly Dictionary<Storage, long> offsets = [];
    private long bytes;
    private byte[] memory = [];

    /// <summary>A view at any offset, dense or with gaps between the rows as the slice of a concatenation has.</summary>
    public TensorView Place(Shape shape, ElementType type = ElementType.Float32)
    {
        int row = TensorView.RowLengthOf(shape);
        int gap = random.Next(3) switch { 0 => 0, 1 => 4 * random.Next(1, 4), _ => random.Next(1, 6) };
        int offset = random.Next(3) switch { 0 => 0, 1 => 4 * random.Next(1, 4), _ => random.Next(1, 6) };
        var storage = new Storage("block", offset + shape.Count / row * (row + gap), type: type);
        Reserve(storage);
        return new TensorView(shape, storage, offset, row + gap);
    }

    /// <summary>A dense view in memory of its own, or some way into the one block of a training step's parameters.</summary>
    public TensorView Place(Parameter parameter, bool own, ElementType type = ElementType.Float32)
    {
        int offset = own ? 0 : 256 * random.Next(3);
        var storage = new Storage(parameter.Name, offset + parameter.Shape.Count, own ? parameter : null, resident: true, type);
        Reserve(storage);
        return new TensorView(parameter.Shape, storage, offset, TensorView.RowLengthOf(parameter.Shape));
    }

    /// <summary>Fills everything with NaN, the workspaces of these launches included, so that an element that no kernel writes, or one read from outside, shows.</summary>
    public void Poison(IEnumerable<ShaderDispatch> launches)
    {
        foreach (KernelTensor t in launches.SelectMany(l => l.Tensors)) Reserve(t.View.Storage);
        memory = new byte[bytes];
        MemoryMarshal.Cast<byte, uint>(memory.AsSpan()).Fill(Nothing);
    }

    public void Write(TensorView view, double[] logical) => Write(view, Places(view), logical);

    public void Write(TensorView view, Parameter parameter, double[] logical) => Write(view, Places(view, parameter), logical);

    /// <summary>Writes the bytes of a view of one row.</summary>
    public void WriteBytes(TensorView view, ReadOnlySpan<byte> bytes) => bytes.CopyTo(memory.AsSpan((int)AddressOf(view)));

    public double[] Read(TensorView view) => Read(view, Places(view));

    /// <summary>A parameter's elements, or its gradient's, which lies as the parameter does.</summary>
    public double[] Read(TensorView view, Parameter parameter) => Read(view, Places(view, parameter));

    /// <summary>Runs the launches; fails where anything changes but these views and workspaces. Without a declared dependency between two launches their order is chance.</summary>
    public void Run(Node node, IReadOnlyList<ShaderDispatch> launches, IEnumerable<TensorView> results, IEnumerable<TensorView> given, string what)
    {
        if (launches.Count == 0) return;
        byte[] before = [.. memory];
        ImmutableArray<PlanStep> steps = [.. Shuffled(launches).Select((launch, i) => new PlanStep(node, i, launch, launch.Kernel, "", BarrierBefore: true))];
        var builder = new NetworkBuilder("test");
        var plan = new ExecutionPlan(builder.Build(builder.Input("x", [1])), steps, [], 0, ImmutableDictionary<Tensor, TensorView>.Empty, []);
        using (GpuBuffer buffer = device.Allocate(memory.Length, MemoryUse.Device, "memory"))
        {
            device.Upload(buffer, 0, memory);
            using CommandRecorder recorder = device.Record(plan.Steps[0].Kernel);
            new PlanRecorder(device, plan.Steps, view => buffer.Address + (ulong)AddressOf(view), CancellationToken.None).Record(recorder);
            using RecordedCommands commands = recorder.End();
            device.Wait(device.Submit(commands));
            device.Download(buffer, 0, memory);
        }
        ExpectUntouched(before, launches, results, given, what);
    }

    private void ExpectUntouched(byte[] before, IReadOnlyList<ShaderDispatch> launches, IEnumerable<TensorView> results, IEnumerable<TensorView> given, string what)
    {
        var mayChange = new bool[memory.Length];
        HashSet<Storage> own = [.. results.Concat(given).Select(v => v.Storage)];
        foreach (KernelTensor t in launches.SelectMany(l => l.Tensors).Where(t => t.Access != Access.Read && !own.Contains(t.View.Storage))) Allow(t.View);
        foreach (TensorView view in results) Allow(view);
        for (int i = 0; i < memory.Length; i++)
            if (!mayChange[i] && before[i] != memory[i])
            {
                KeyValuePair<Storage, long> at = offsets.Where(o => o.Value <= i).MaxBy(o => o.Value);
                Assert.Fail($"{what}element {(i - at.Value) / at.Key.ElementBytes} of {at.Key} (of {at.Key.Elements}), which is no result, was written");
            }

        void Allow(TensorView view)
        {
            int size = view.Storage.ElementBytes;
            for (long row = 0; row < view.Rows; row++) Array.Fill(mayChange, true, (int)(AddressOf(view) + row * view.RowStride * size), view.RowLength * size);
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
        // As the planner: every block begins on 16 bytes; some lie between two.
        if (offsets.TryAdd(storage, bytes)) bytes += (storage.Bytes + 31) / 16 * 16;
    }

    /// <summary>Where each element of a view lies, from its first on, in logical order.</summary>
    private static int[] Places(TensorView view) => Places(view, (numbers, device) => TensorLayout.ToDevice(numbers, view, device));

    private static int[] Places(TensorView view, Parameter parameter) => Places(view, (numbers, device) => TensorLayout.Pack(numbers, parameter, device));

    /// <summary>Laying out the numbers of the elements, from 1, tells where each goes.</summary>
    private static int[] Places(TensorView view, Action<float[], float[]> layOut)
    {
        var device = new float[view.Extent];
        layOut([.. Enumerable.Range(1, (int)view.Shape.Count).Select(i => (float)i)], device);
        var places = new int[view.Shape.Count];
        for (int at = 0; at < device.Length; at++)
            if (device[at] > 0) places[(int)device[at] - 1] = at;
        return places;
    }

    private double[] Read(TensorView view, int[] places)
    {
        double[] elements = TensorLayout.Doubles(memory.AsSpan((int)AddressOf(view), (int)view.ExtentBytes), view.Type);
        return Array.ConvertAll(places, at => elements[at]);
    }

    private void Write(TensorView view, int[] places, double[] logical)
    {
        Span<byte> first = memory.AsSpan((int)AddressOf(view));
        for (int i = 0; i < places.Length; i++)
        {
            Span<byte> place = first[(places[i] * view.Storage.ElementBytes)..];
            if (view.Type == ElementType.Float64) MemoryMarshal.Write(place, logical[i]);
            else if (view.Type == ElementType.Float32) MemoryMarshal.Write(place, (float)logical[i]);
            else MemoryMarshal.Write(place, (Half)logical[i]);
        }
    }

    private long AddressOf(TensorView view) => offsets[view.Storage] + view.OffsetBytes;
}
