using System.Collections.Immutable;
using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Graph.Planning;
using VkInception.Reference;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Ops;

/// <summary>Runs one operation on a device and holds it to its reference.</summary>
/// <remarks>
/// Every tensor lies where chance puts it: at any offset, dense or with gaps between the rows as the slice of a concatenation has.
/// All memory is NaN before, so that an element that a kernel does not write, or reads from outside its arguments, shows; after the run
/// everything but the output must be as it was.
/// </remarks>
internal sealed class OpRun(GpuDevice device, Random random)
{
    private const float Poison = float.NaN;

    private readonly Dictionary<Storage, long> offsets = [];
    private long elements;

    /// <summary>Chooses the kernels of convolutions and linear layers.</summary>
    public IKernelChooser? Kernels { get; init; }

    /// <summary>Makes the elements of an input or parameter; by default uniform in [−1, 1], variances in [0.5, 1.5].</summary>
    public Func<Random, string, double> Element { get; init; } = (random, name) => random.NextDouble() * (name.EndsWith("var", StringComparison.Ordinal) ? 1 : 2) + (name.EndsWith("var", StringComparison.Ordinal) ? 0.5 : -1);

    /// <summary>Runs the operation on random elements; every output element must lie within <paramref name="tolerance"/> of the reference, relative to the larger of it and <paramref name="scale"/>.</summary>
    public void Verify(Op op, double tolerance, double scale, params Shape[] shapes)
    {
        var builder = new NetworkBuilder("test");
        Node node = builder.Add("node", op, [.. shapes.Select((s, i) => builder.Input($"x{i}", s))], null);
        Network network = builder.Build(node.Output);
        Values[] inputs = [.. node.Inputs.Select(t => Filled(t.Shape, t.Name))], parameters = [.. node.Parameters.Select(p => Filled(p.Shape, p.Name))];
        var views = new OpTensors(node, [.. node.Inputs.Select(t => Place(t.Shape))], [Place(node.Output.Shape)], [.. node.Parameters.Select(Place)]);
        ImmutableArray<PlanStep> steps = [.. Launches(op, views).Select((launch, i) => new PlanStep(node, i, launch, launch.Kernel, "", BarrierBefore: true))];
        foreach (KernelTensor t in steps.SelectMany(s => s.Launch.Tensors)) Reserve(t.View.Storage);

        float[] memory = new float[elements];
        Array.Fill(memory, Poison);
        foreach ((TensorView view, Values values) in views.Inputs.Zip(inputs)) TensorLayout.ToDevice(Floats(values), view, memory.AsSpan((int)AddressOf(view)));
        foreach ((Parameter p, TensorView view, Values values) in node.Parameters.Zip(views.Parameters, parameters))
            TensorLayout.Pack(Floats(values), p, memory.AsSpan((int)AddressOf(view)));
        float[] before = [.. memory];
        Run(new ExecutionPlan(network, steps, [], 0, ImmutableDictionary<Tensor, TensorView>.Empty, []), memory);

        string what = $"{op.Type} {op.Attributes} of {string.Join(", ", shapes.AsEnumerable())}: ";
        Compare(References.Evaluate(op, inputs, parameters), memory.AsSpan((int)AddressOf(views.Output)), views.Output, tolerance, scale, what);
        ExpectUntouched(before, memory, views, what);
    }

    private IEnumerable<ShaderDispatch> Launches(Op op, OpTensors views) => op.Forward(views).SelectMany(d => d switch
    {
        ShaderDispatch launch => [launch],
        ConvolutionDispatch work => Kernels!.Choose(work).Launches,
        _ => throw new ArgumentException(d.ToString()),
    });

    private void Run(ExecutionPlan plan, float[] memory)
    {
        using GpuBuffer buffer = device.Allocate(memory.Length * sizeof(float), MemoryUse.Device, "memory");
        device.Upload(buffer, 0, MemoryMarshal.AsBytes<float>(memory));
        using CommandRecorder recorder = device.Record(plan.Steps[0].Kernel);
        new PlanRecorder(device, plan, view => buffer.Address + (ulong)AddressOf(view) * sizeof(float), CancellationToken.None).Record(recorder);
        using RecordedCommands commands = recorder.End();
        device.Wait(device.Submit(commands));
        device.Download(buffer, 0, MemoryMarshal.AsBytes(memory.AsSpan()));
    }

    private Values Filled(Shape shape, string name) => new(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (double)(float)Element(random, name))]);

    private static float[] Floats(Values values) => [.. values.Data.Select(v => (float)v)];

    private TensorView Place(Shape shape)
    {
        int row = TensorView.RowLengthOf(shape);
        int gap = random.Next(3) switch { 0 => 0, 1 => 4 * random.Next(1, 4), _ => random.Next(1, 6) };
        int offset = random.Next(3) switch { 0 => 0, 1 => 4 * random.Next(1, 4), _ => random.Next(1, 6) };
        var storage = new Storage("block", offset + shape.Count / row * (row + gap));
        Reserve(storage);
        return new TensorView(shape, storage, offset, row + gap);
    }

    private TensorView Place(Parameter parameter)
    {
        var storage = new Storage(parameter.Name, parameter.Shape.Count, parameter);
        Reserve(storage);
        return TensorView.Dense(parameter.Shape, storage);
    }

    private void Reserve(Storage storage)
    {
        // As the planner: every block begins on 16 bytes.
        if (offsets.TryAdd(storage, elements)) elements += (storage.Elements + 7) / 4 * 4;
    }

    private long AddressOf(TensorView view) => offsets[view.Storage] + view.Offset;

    private static void Compare(Values expected, ReadOnlySpan<float> device, TensorView view, double tolerance, double scale, string what)
    {
        var found = new float[expected.Data.Length];
        TensorLayout.FromDevice(device, view, found);
        for (int i = 0; i < found.Length; i++)
        {
            double e = expected.Data[i];
            bool equal = double.IsFinite(e) ? Math.Abs(found[i] - e) <= tolerance * Math.Max(Math.Abs(e), scale) : found[i].Equals((float)e);
            if (!equal) Assert.Fail($"{what}element {i} (logical order) is {found[i]:g9}, {e:g9} is expected");
        }
    }

    /// <summary>Nothing may change but the output and the workspace.</summary>
    private void ExpectUntouched(float[] before, float[] after, OpTensors views, string what)
    {
        HashSet<Storage> given = [.. views.Inputs.Concat(views.Parameters).Select(v => v.Storage)];
        foreach (Storage storage in given) ExpectSame(offsets[storage], storage.Elements, $"{what}{storage} was written");
        TensorView y = views.Output;
        for (long row = 0; row < y.Rows; row++)
            ExpectSame(AddressOf(y) + row * y.RowStride + y.RowLength, y.RowStride - y.RowLength, $"{what}the gap behind row {row} of the output was written");
        ExpectSame(offsets[y.Storage], y.Offset, $"{what}memory before the output was written");

        void ExpectSame(long start, long count, string message)
        {
            ReadOnlySpan<int> b = MemoryMarshal.Cast<float, int>(before.AsSpan((int)start, (int)count)), a = MemoryMarshal.Cast<float, int>(after.AsSpan((int)start, (int)count));
            if (!b.SequenceEqual(a)) Assert.Fail(message);
        }
    }
}
