using System.Collections.Concurrent;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Graph.Planning;
using VkInception.Graph.Training;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception;

/// <summary>A model ready to run on one device: memory placed, weights uploaded, commands recorded once and submitted again and again.</summary>
/// <remarks>Thread-safe: runs from several threads take turns, or are under way at once where <see cref="CompileOptions.RunsInFlight"/> says so, and several models of one device run side by side with the same results. Dispose it before its device or after, from any thread, even during runs: those under way end first.</remarks>
public sealed class CompiledModel : IDisposable
{
    private readonly GpuDevice device;
    private readonly ParameterMemory parameters;
    private readonly GpuBuffer arena;
    private readonly PlanRecorder recorder;
    private readonly RunSlot[] slots;
    private readonly ConcurrentStack<RunSlot> idle;
    private readonly SemaphoreSlim turns;
    private readonly SemaphoreSlim alone = new(1, 1);
    private readonly TensorView input;
    private readonly TensorView output;
    private volatile bool disposed;

    internal CompiledModel(GpuDevice device, ExecutionPlan plan, IWeightSource weights, int runs, CancellationToken cancel)
    {
        if (plan.Network.Inputs.Length != 1)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{plan.Network.Name}: takes {plan.Network.Inputs.Length} inputs ({string.Join(", ", plan.Network.Inputs)}); networks of one input can be run");
        this.device = device;
        Plan = plan;
        input = plan.Views[plan.Network.Inputs[0]];
        output = plan.Views[plan.Network.Outputs[0]];
        Dictionary<Storage, long> offsets = plan.Blocks.ToDictionary(b => b.Storage, b => b.Offset);
        using var kernels = new KernelMaker(device, [.. plan.Steps, .. plan.Preparation], cancel);
        var built = new Stack<IDisposable>();
        try
        {
            built.Push(parameters = new ParameterMemory(device, plan, weights, cancel));
            built.Push(arena = device.Allocate(plan.ArenaBytes, MemoryUse.Device, $"{plan.Network.Name} arena"));
            kernels.Finish();
            parameters.Prepare(device, plan, cancel);
            recorder = new PlanRecorder(device, plan, AddressOf(offsets));
            slots = new RunSlot[runs];
            for (int i = 0; i < runs; i++) built.Push(slots[i] = new RunSlot(device, plan, recorder, arena));
        }
        catch
        {
            while (built.TryPop(out IDisposable? part)) part.Dispose();
            throw;
        }
        idle = new ConcurrentStack<RunSlot>(slots.Reverse());
        turns = new SemaphoreSlim(runs, runs);
    }

    /// <summary>Compiles a network that is already in the form in which it shall run; <c>Model.Compile</c> does this for a model.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="network">One input, one output that matters: the first.</param>
    /// <param name="weights">Serves every parameter without a value of its own.</param>
    /// <param name="kernels">Chooses the convolution kernels.</param>
    /// <param name="precision">Single or half.</param>
    /// <exception cref="VkInceptionException">Weights that are missing; Vulkan's errors. Nothing half-built stays behind.</exception>
    public static CompiledModel Create(GpuDevice device, Network network, IWeightSource weights, IKernelChooser kernels, Precision precision = Precision.Single)
        => new(device, Planner.Plan(network, kernels, precision), weights, 1, CancellationToken.None);

    /// <summary>Levels, kernels, memory.</summary>
    public ExecutionPlan Plan { get; }

    /// <summary>Logical shape of the input, N C H W.</summary>
    public Shape InputShape => input.Shape;

    /// <summary>Logical shape of the output; N × classes for logits.</summary>
    public Shape OutputShape => output.Shape;

    /// <summary>Whether the output is already a softmax, flattened or reshaped perhaps.</summary>
    public bool OutputIsProbability
    {
        get
        {
            Node? node = Plan.Network.Producer(Plan.Network.Outputs[0]);
            while (node?.Op is ViewOp or Widen) node = Plan.Network.Producer(node.Inputs[0]);
            return node?.Op is Softmax;
        }
    }

    /// <summary>Parameters that hold elements which are not finite, a line each; empty for sound weights.</summary>
    public IReadOnlyList<string> Warnings => parameters.Warnings;

    /// <summary>What <see cref="DeviceBytes"/> will be for a plan, without the rounding of parameters.</summary>
    internal static long BytesOf(ExecutionPlan plan, int runs)
        => plan.ParameterStorages.Sum(s => s.Bytes) + plan.ArenaBytes + runs * (plan.Views[plan.Network.Inputs[0]].ExtentBytes + plan.Views[plan.Network.Outputs[0]].ExtentBytes);

    /// <summary>Device memory that the model holds, in bytes: parameters, arena, inputs and outputs.</summary>
    public long DeviceBytes => parameters.Bytes + arena.Size + slots.Sum(s => s.Bytes);

    /// <summary>Runs one batch.</summary>
    /// <param name="x">Preprocessed input, N C H W, as many elements as <see cref="InputShape"/>.</param>
    /// <returns>The output in logical order.</returns>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for another number of elements; Vulkan's errors.</exception>
    public float[] Run(ReadOnlySpan<float> x)
    {
        var y = new float[OutputShape.Count];
        Run(x, y);
        return y;
    }

    /// <summary>Runs one batch into memory of the caller's.</summary>
    /// <param name="x">Preprocessed input, N C H W.</param>
    /// <param name="y">Receives the output in logical order; as many elements as <see cref="OutputShape"/>.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for another number of elements; Vulkan's errors.</exception>
    public void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        Check(x.Length, y.Length);
        turns.Wait();
        RunSlot slot = Take();
        try
        {
            using IDisposable open = KeepOpen();
            slot.Start(x);
            device.Wait(slot.Submitted);
            slot.Finish(y);
        }
        finally
        {
            Return(slot);
        }
    }

    /// <summary>Runs one batch without blocking the calling thread.</summary>
    /// <param name="x">Preprocessed input, N C H W; read before the call returns control.</param>
    /// <param name="cancel">Stops waiting for a turn or for the device; a submission already made still completes.</param>
    /// <returns>The output in logical order.</returns>
    public async Task<float[]> RunAsync(ReadOnlyMemory<float> x, CancellationToken cancel = default)
    {
        var y = new float[OutputShape.Count];
        Check(x.Length, y.Length);
        await turns.WaitAsync(cancel).ConfigureAwait(false);
        RunSlot slot = Take();
        try
        {
            using IDisposable open = KeepOpen();
            slot.Start(x.Span);
            await device.WaitAsync(slot.Submitted, cancel).ConfigureAwait(false);
            slot.Finish(y);
            return y;
        }
        finally
        {
            Return(slot);
        }
    }

    /// <summary>Runs one batch and returns the most likely classes of every image.</summary>
    /// <param name="x">Preprocessed images, N C H W.</param>
    /// <param name="top">Classes per image.</param>
    public IReadOnlyList<IReadOnlyList<Prediction>> Classify(ReadOnlySpan<float> x, int top = 5)
    {
        float[] y = Run(x);
        int classes = (int)(OutputShape.Count / OutputShape.N);
        var images = new List<IReadOnlyList<Prediction>>();
        for (int n = 0; n < OutputShape.N; n++)
        {
            ReadOnlySpan<float> scores = y.AsSpan(n * classes, classes);
            images.Add(Prediction.Top(OutputIsProbability ? scores : Prediction.Softmax(scores), top));
        }
        return images;
    }

    /// <summary>Runs the launches one by one and measures each on the device; a barrier stands between any two.</summary>
    /// <returns>Node and kernel with milliseconds, in order; empty where the device has no timestamps.</returns>
    public IReadOnlyList<(string Label, double Milliseconds)> Profile()
    {
        WaitForAll();
        try
        {
            using IDisposable open = KeepOpen();
            using CommandRecorder timed = device.Record($"{Plan.Network.Name} profile");
            timed.Timestamp("start");
            recorder.Record(timed, timed: true);
            using RecordedCommands recorded = timed.End();
            device.Wait(device.Submit(recorded));
            return recorded.ReadTimestamps();
        }
        finally
        {
            turns.Release(slots.Length);
        }
    }

    /// <summary>Waits for a run in progress and frees the device memory; calling it twice is harmless.</summary>
    public void Dispose()
    {
        WaitForAll();
        try
        {
            if (disposed) return;
            disposed = true;
            foreach (RunSlot slot in slots) slot.Dispose();
            arena.Dispose();
            parameters.Dispose();
        }
        finally
        {
            turns.Release(slots.Length);
        }
    }

    private Func<TensorView, ulong> AddressOf(Dictionary<Storage, long> offsets) => view =>
    {
        ulong start = view.Storage.IsResident ? parameters.AddressOf(view.Storage) : arena.Address + (ulong)offsets[view.Storage];
        return start + (ulong)view.OffsetBytes;
    };

    /// <summary>Waits until no run is under way, and keeps others from beginning.</summary>
    private void WaitForAll()
    {
        // Two that each held some of the turns would wait for each other.
        alone.Wait();
        try
        {
            for (int i = 0; i < slots.Length; i++) turns.Wait();
        }
        finally
        {
            alone.Release();
        }
    }

    /// <summary>A slot for whoever has a turn: there are as many of both.</summary>
    private RunSlot Take() => idle.TryPop(out RunSlot? slot) ? slot : throw new InvalidOperationException("more turns than slots");

    private void Return(RunSlot slot)
    {
        idle.Push(slot);
        turns.Release();
    }

    private IDisposable KeepOpen()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return device.KeepOpen();
    }

    private void Check(int x, int y)
    {
        if (x == 0) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Plan.Network.Name}: the batch is empty: no image was given, or none could be read (a photo batch names those in its Failures); give one image at least");
        if (x != InputShape.Count) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Plan.Network.Name}: the input has {x} elements, {InputShape} = {InputShape.Count} are needed");
        if (y != OutputShape.Count) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Plan.Network.Name}: the output has room for {y} elements, {OutputShape} = {OutputShape.Count} are needed");
    }
}
