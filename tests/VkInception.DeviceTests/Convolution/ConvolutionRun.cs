using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Graph.Planning;
using VkInception.Reference;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Convolution;

/// <summary>Runs one convolution by one kernel, every tensor surrounded by poison, and holds it against the reference.</summary>
internal sealed class ConvolutionRun : IDisposable
{
    /// <summary>What y and its surroundings hold before: a NaN that no kernel makes.</summary>
    private const uint Untouched = 0x7fc0dead;
    private const int Guard = 64;

    private readonly GpuDevice device;
    private readonly ConvolutionCase tried;
    private readonly Dictionary<Storage, GpuBuffer> buffers = [];
    private readonly float[] x;
    private readonly float[] w;
    private readonly float[] b;
    private readonly Lazy<(double[] Value, double[] Error)> expected;

    public ConvolutionRun(GpuDevice device, ConvolutionCase tried, int seed = 1, Action<float[], float[], float[]>? arrange = null)
    {
        this.device = device;
        this.tried = tried;
        var random = new Random(seed);
        x = Draw(random, tried.Input.Count);
        w = Draw(random, tried.Weight.Count);
        b = Draw(random, tried.Op.OutChannels);
        arrange?.Invoke(x, w, b);
        expected = new(Expect);
        Shape output = tried.Op.Infer([tried.Input]).Outputs[0];
        TensorView b1 = Place("b", [tried.Op.OutChannels], tried.Op.OutChannels, 0, b);
        Work = new ConvolutionDispatch(
            Place("x", tried.Input, tried.Channels + tried.XGap, tried.Shift, ChannelsLast(x, tried.Input)),
            Place("w", tried.Weight, tried.Weight.C, 0, FilterOrder(w, tried.Weight)),
            tried.Op.Bias ? b1 : null,
            Place("y", output, output.C + tried.YGap, tried.Shift, null), tried.Op.Window, tried.Op.Groups, tried.Op.Range);
    }

    public ConvolutionDispatch Work { get; }

    private double Unit => (tried.Depth + 4) * Math.Pow(2, -24);

    /// <summary>y in logical order; fails if anything beside it was written.</summary>
    public float[] Run(KernelChoice choice)
    {
        TensorView y = Work.Y;
        GpuBuffer buffer = buffers[y.Storage];
        var memory = new uint[buffer.Size / 4];
        Array.Fill(memory, Untouched);
        device.Upload(buffer, 0, MemoryMarshal.AsBytes(memory.AsSpan()));
        Submit(choice);
        device.Download(buffer, 0, MemoryMarshal.AsBytes(memory.AsSpan()));
        var result = new float[y.Shape.Count];
        for (int i = 0; i < result.Length; i++)
        {
            ref uint at = ref memory[AtLogical(y, i)];
            if (at == Untouched) Assert.Fail($"{choice.Name} left element {i} of {y.Shape} unwritten: {tried}");
            result[i] = BitConverter.UInt32BitsToSingle(at);
            at = Untouched;
        }
        int stray = memory.AsSpan().IndexOfAnyExcept(Untouched);
        if (stray >= 0) Assert.Fail($"{choice.Name} wrote element {stray}, which is not y's: {tried}");
        return result;
    }

    /// <summary>Runs and compares with the reference in double precision, within the rounding of a sum of that many terms; of a kernel whose errors grow faster, within so many times the rounding of the sum's largest terms.</summary>
    public void Check(KernelChoice choice, double growth = 1)
    {
        float[] y = Run(choice);
        (double[] value, double[] error) = expected.Value;
        double[] bound = growth == 1 ? error : Largest();
        for (int i = 0; i < y.Length; i++)
            if (!(Math.Abs(y[i] - value[i]) <= growth * bound[i]))
                Assert.Fail($"{choice.Name}: element {i} is {y[i]}, not {value[i]}, which is {Math.Abs(y[i] - value[i]) / bound[i]} times the rounding of a sum: {tried}");
    }

    public void Dispose()
    {
        foreach (GpuBuffer buffer in buffers.Values) buffer.Dispose();
    }

    private static float[] Draw(Random random, long count)
    {
        var values = new float[count];
        foreach (ref float v in values.AsSpan()) v = random.NextSingle() * 2 - 1;
        return values;
    }

    private static float[] Absolute(float[] values) => Array.ConvertAll(values, Math.Abs);

    private static long AtLogical(TensorView view, long i)
    {
        if (view.Shape.Rank != 4) return view.Offset + i;
        long pixels = view.Shape.H * view.Shape.W;
        long n = i / pixels / view.Shape.C, c = i / pixels % view.Shape.C;
        return view.Offset + (n * pixels + i % pixels) * view.RowStride + c;
    }

    private static float[] ChannelsLast(float[] nchw, Shape shape)
    {
        TensorView dense = TensorView.Dense(shape, new Storage("dense", shape.Count));
        var result = new float[nchw.Length];
        for (int i = 0; i < nchw.Length; i++) result[AtLogical(dense, i)] = nchw[i];
        return result;
    }

    private static float[] FilterOrder(float[] oihw, Shape shape)
    {
        var result = new float[oihw.Length];
        int taps = shape.H * shape.W;
        for (int o = 0; o < shape.N; o++)
            for (int i = 0; i < shape.C; i++)
                for (int t = 0; t < taps; t++) result[(t * shape.C + i) * shape.N + o] = oihw[(o * shape.C + i) * taps + t];
        return result;
    }

    private (double[] Value, double[] Error) Expect()
    {
        Values value = References.Forward(tried.Op, [Values.Of(tried.Input, x)], Parameters(w, b));
        Values magnitude = References.Forward(tried.Op with { Range = OutputRange.All }, [Values.Of(tried.Input, Absolute(x))], Parameters(Absolute(w), Absolute(b)));
        return (value.Data, Array.ConvertAll(magnitude.Data, m => Unit * m));
    }

    /// <summary>For every element the rounding of a sum in which every input is as large as the largest: a transform adds elements from outside an output's window, and takes them away again.</summary>
    private double[] Largest()
    {
        float most = x.Max(Math.Abs);
        int outputs = tried.Op.OutChannels, terms = w.Length / outputs, pixels = (int)(Work.Y.Shape.Count / Work.Y.Shape.N / outputs);
        double[] sums = [.. Enumerable.Range(0, outputs).Select(o => Unit * (most * w.Skip(o * terms).Take(terms).Sum(v => (double)Math.Abs(v)) + Math.Abs(b[o])))];
        return [.. Enumerable.Range(0, (int)Work.Y.Shape.Count).Select(i => sums[i / pixels % outputs])];
    }

    private Values[] Parameters(float[] weight, float[] bias)
        => tried.Op.Bias ? [Values.Of(tried.Weight, weight), Values.Of([tried.Op.OutChannels], bias)] : [Values.Of(tried.Weight, weight)];

    /// <summary>A view in a block of its own; rows of <paramref name="values"/> are laid out at the view's stride, everything else is poison.</summary>
    private TensorView Place(string name, Shape shape, int rowStride, int shift, float[]? values)
    {
        int row = TensorView.RowLengthOf(shape);
        long rows = shape.Count / row;
        var storage = new Storage(name, shift + rows * Math.Max(rowStride, row) + Guard);
        var view = new TensorView(shape, storage, shift, rowStride);
        var memory = new uint[storage.Elements];
        Array.Fill(memory, Untouched);
        for (int i = 0; i < values?.Length; i++) memory[shift + i / row * rowStride + i % row] = BitConverter.SingleToUInt32Bits(values[i]);
        GpuBuffer buffer = device.Allocate(storage.Elements * 4, MemoryUse.Device, name);
        buffers.Add(storage, buffer);
        device.Upload(buffer, 0, MemoryMarshal.AsBytes(memory.AsSpan()));
        return view;
    }

    /// <summary>Runs the launches one after another; workspaces hold poison before, and nothing behind their ends may change.</summary>
    private void Submit(KernelChoice choice)
    {
        var workspaces = new Dictionary<Storage, GpuBuffer>();
        try
        {
            foreach (Storage storage in choice.Launches.SelectMany(l => l.Tensors).Select(t => t.View.Storage).Where(s => !buffers.ContainsKey(s)))
                if (!workspaces.ContainsKey(storage)) workspaces.Add(storage, device.Allocate(storage.Bytes + Guard * 4, MemoryUse.Device, storage.Name));
            var steps = new PlanRecorder(
                device, [.. choice.Launches.Select(l => new PlanStep(null, 0, l, choice.Name, "", BarrierBefore: true))],
                v => (buffers.GetValueOrDefault(v.Storage) ?? workspaces[v.Storage]).Address + (ulong)v.Offset * 4, CancellationToken.None);
            using CommandRecorder recorder = device.Record(choice.Name);
            foreach (GpuBuffer workspace in workspaces.Values) recorder.Fill(workspace, 0, workspace.Size / 4 * 4, Untouched);
            recorder.Barrier(PipelineWork.Transfer, PipelineWork.Compute);
            steps.Record(recorder);
            using RecordedCommands commands = recorder.End();
            device.Wait(device.Submit(commands));
            var behind = new uint[Guard];
            foreach ((Storage storage, GpuBuffer workspace) in workspaces)
            {
                device.Download(workspace, storage.Bytes, MemoryMarshal.AsBytes(behind.AsSpan()));
                if (behind.AsSpan().ContainsAnyExcept(Untouched)) Assert.Fail($"{choice.Name} wrote behind its workspace {storage}: {tried}");
            }
        }
        finally
        {
            foreach (GpuBuffer workspace in workspaces.Values) workspace.Dispose();
        }
    }
}
