using System.Collections.Immutable;
using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Graph.Planning;
using VkInception.Graph.Training;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception.Training;

/// <summary>A training step ready to run on one device: forward, backward and update recorded once and submitted again and again.</summary>
/// <remarks>
/// Holds weights, gradients and optimizer state; their values are read and written by parameter, in logical order.
/// Not thread-safe: one thread at a time. <see cref="Dispose"/> alone may come from any thread at any time; several steps of one device may run on a thread each.
/// </remarks>
public sealed class CompiledTraining : IDisposable
{
    private readonly GpuDevice device;
    private readonly ResidentMemory residents;
    private readonly GpuBuffer arena;
    private readonly GpuBuffer readback;
    private readonly GpuBuffer[] uploads = new GpuBuffer[2];
    private readonly RecordedCommands[] commands = new RecordedCommands[2];
    private readonly PlanRecorder recorder;
    private readonly Dictionary<Storage, long> offsets;
    private readonly TensorView images;
    private readonly TensorView labels;
    private readonly Lock gate = new();
    private ulong submitted;
    private int staged;
    private bool disposed;

    /// <summary>Allocates, uploads the weights, and records the step.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="plan">What runs.</param>
    /// <param name="weights">Serves every parameter; running statistics too.</param>
    /// <param name="multipliers">Learning-rate and decay multipliers, as the plan's update wants them; empty where nothing is updated.</param>
    /// <param name="cancel">Stops between two pipelines.</param>
    /// <exception cref="VkInceptionException">Missing weights; Vulkan's errors. Nothing half-built stays behind.</exception>
    public CompiledTraining(GpuDevice device, TrainingPlan plan, IWeightSource weights, ReadOnlySpan<float> multipliers, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(plan);
        this.device = device;
        Plan = plan;
        images = plan.Execution.Views[plan.Training.Images];
        labels = plan.Execution.Views[plan.Training.Labels];
        offsets = plan.Execution.Blocks.ToDictionary(b => b.Storage, b => b.Offset);
        using var kernels = new KernelMaker(device, plan.Execution.Steps, cancel);
        var built = new Stack<IDisposable>();
        try
        {
            built.Push(residents = new ResidentMemory(device, plan.Residents));
            built.Push(arena = device.Allocate(plan.Execution.ArenaBytes, MemoryUse.Device, $"{plan.Execution.Network.Name} training arena"));
            for (int i = 0; i < uploads.Length; i++) built.Push(uploads[i] = device.Allocate(UploadedStep + plan.Step.Bytes, MemoryUse.Upload, "batch"));
            built.Push(readback = device.Allocate(ResultElements * ResultBytes, MemoryUse.Readback, "losses"));
            LoadWeights(weights);
            if (plan.Update is { } update) WriteMultipliers(update.Multipliers, multipliers);
            // An average of nothing yet is the weights themselves.
            if (plan.Update?.Average is { } average) residents.Write(average, residents.Read(plan.Parameters.Weights).AsSpan(0, (int)average.Elements));
            kernels.Finish();
            recorder = new PlanRecorder(device, plan.Execution, AddressOf);
            for (int i = 0; i < uploads.Length; i++) built.Push(commands[i] = Record(uploads[i]));
        }
        catch
        {
            while (built.TryPop(out IDisposable? part)) part.Dispose();
            throw;
        }
    }

    /// <summary>Launches, memory.</summary>
    public TrainingPlan Plan { get; }

    /// <summary>Logical shape of a batch of images.</summary>
    public Shape InputShape => images.Shape;

    /// <summary>Device memory that it holds, in bytes.</summary>
    public long DeviceBytes => residents.Bytes + arena.Size + uploads.Sum(u => u.Size) + readback.Size;

    /// <summary>The batch of the step that was started last.</summary>
    private GpuBuffer Started => uploads[1 - staged];

    /// <summary>Where labels and the step's values begin in the upload buffer, behind the images.</summary>
    private long UploadedLabels => (images.ExtentBytes + sizeof(float) - 1) / sizeof(float) * sizeof(float);

    private long UploadedStep => UploadedLabels + labels.ExtentBytes;

    private int HeadElements => 3 * Plan.Training.Heads.Length;

    private int ResultElements => HeadElements + 4;

    private int ResultBytes => Plan.Parameters.Weights.ElementBytes;

    /// <summary>Runs one step and waits for it.</summary>
    /// <param name="x">Preprocessed images, N C H W.</param>
    /// <param name="y">A label per image, from 0 to under the number of classes, or −100 for one that counts for nothing.</param>
    /// <param name="values">Learning rate, seed and the like.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for another number of elements or a label out of range; Vulkan's errors.</exception>
    public StepResult Run(ReadOnlySpan<float> x, ReadOnlySpan<int> y, StepValues values)
    {
        device.Wait(Start(x, y, values));
        return Finish();
    }

    /// <summary>Submits one step; <see cref="Finish"/> gives its result once the submission is done. The batch may be reused at once.</summary>
    /// <inheritdoc cref="Run"/>
    /// <returns>The submission, for <see cref="GpuDevice.Wait"/>.</returns>
    public ulong Start(ReadOnlySpan<float> x, ReadOnlySpan<int> y, StepValues values)
    {
        Stage(x, y);
        return Start(values);
    }

    /// <summary>Hands over the batch of the next step, while the last one may still be under way: there is memory for two. The batch may be reused at once; one that is staged again replaces it.</summary>
    /// <param name="x">Preprocessed images, N C H W.</param>
    /// <param name="y">A label per image, as for <see cref="Run"/>.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for another number of elements or a label out of range: nothing is staged then.</exception>
    public void Stage(ReadOnlySpan<float> x, ReadOnlySpan<int> y)
    {
        Check(x, y);
        using IDisposable open = device.KeepOpen();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            Span<byte> memory = uploads[staged].Map(0, (int)UploadedStep);
            if (images.Type == ElementType.Float64) TensorLayout.ToDevice(x, images with { Offset = 0 }, MemoryMarshal.Cast<byte, double>(memory));
            else if (images.Type == ElementType.Float16) TensorLayout.ToDevice(x, images with { Offset = 0 }, MemoryMarshal.Cast<byte, Half>(memory));
            else TensorLayout.ToDevice(x, images with { Offset = 0 }, MemoryMarshal.Cast<byte, float>(memory));
            MemoryMarshal.AsBytes(y).CopyTo(memory[(int)UploadedLabels..]);
        }
    }

    /// <summary>Submits one step on the batch that was staged; <see cref="Finish"/> gives its result once the submission is done.</summary>
    /// <param name="values">Learning rate, seed and the like.</param>
    /// <exception cref="VkInceptionException">Vulkan's errors; the batch is still staged then.</exception>
    /// <returns>The submission, for <see cref="GpuDevice.Wait"/>.</returns>
    public ulong Start(StepValues values)
    {
        using IDisposable open = device.KeepOpen();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            // The next batch may be staged once this returns, where the step before last has read its own.
            device.Wait(submitted);
            values.Write(uploads[staged].Map(UploadedStep, (int)Plan.Step.Bytes), Plan.Parameters.Weights.Type);
            submitted = device.Submit(commands[staged]);
            staged = 1 - staged;
            return submitted;
        }
    }

    /// <summary>The result of the step that was started last, which must be done.</summary>
    public StepResult Finish()
    {
        double[] found = ReadResults();
        var losses = ImmutableArray.CreateBuilder<double>();
        double total = 0;
        foreach (TrainingHead head in Plan.Training.Heads)
        {
            double loss = found[3 * losses.Count];
            losses.Add(loss);
            total += DecimalValue.Of(head.Weight) * loss;
        }
        bool updated = Plan.Update is not null && found[HeadElements + 1] != 0;
        return new StepResult(losses.ToImmutable(), total, (int)found[1], (int)found[2], Plan.Update is null ? 0 : (float)found[HeadElements], updated);
    }

    private double[] ReadResults()
    {
        using IDisposable open = device.KeepOpen();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return TensorLayout.Doubles(readback.Map(0, (int)readback.Size), Plan.Parameters.Weights.Type);
        }
    }

    /// <summary>A parameter's elements, in logical order.</summary>
    public float[] ReadWeights(Parameter parameter) => Unpacked(residents.Read(Plan.Parameters.Weights), parameter);

    /// <summary>All parameters, in logical order: one read of the device.</summary>
    public IReadOnlyDictionary<Parameter, float[]> ReadWeights() => ReadAll(Plan.Parameters.Weights, trainedOnly: false);

    /// <summary>The gradients of the last step, in logical order, of every trained parameter; multiplied by the step's loss scale.</summary>
    public IReadOnlyDictionary<Parameter, float[]> ReadGradients() => ReadAll(Plan.Parameters.Gradients, trainedOnly: true);

    /// <summary>One block of the optimizer's state, or the moving average, by parameter, in logical order.</summary>
    public IReadOnlyDictionary<Parameter, float[]> ReadState(Storage state) => ReadAll(state, trainedOnly: true);

    /// <summary>Overwrites a block of the optimizer's state, or the moving average.</summary>
    public void WriteState(Storage state, Func<Parameter, ReadOnlyMemory<float>> values) => residents.Write(state, Packed(state, Trained, values));

    /// <summary>Overwrites all weights.</summary>
    /// <exception cref="VkInceptionException">What the source raises.</exception>
    public void LoadWeights(IWeightSource weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        residents.Write(Plan.Parameters.Weights, Packed(Plan.Parameters.Weights, Plan.Parameters.Slots, Read));

        ReadOnlyMemory<float> Read(Parameter parameter)
        {
            if (parameter.Value is { } value && !weights.Has(parameter)) return value;
            return parameter.Derive is null ? weights.Read(parameter) : parameter.Derive(Read);
        }
    }

    /// <summary>Runs the launches one by one and measures each on the device.</summary>
    /// <returns>Node and kernel with milliseconds, in order; empty where the device has no timestamps.</returns>
    public IReadOnlyList<(string Label, double Milliseconds)> Profile()
    {
        using CommandRecorder timed = device.Record($"{Plan.Execution.Network.Name} training profile");
        timed.Timestamp("start");
        recorder.Record(timed, timed: true);
        using RecordedCommands recorded = timed.End();
        device.Wait(device.Submit(recorded));
        return recorded.ReadTimestamps();
    }

    /// <summary>The error to end a run with whose last step left a loss or a gradient that is not finite. Runs that step once more, launch by launch, to find where: call it right behind the step.</summary>
    /// <param name="step">The step's number, from 1, for the message.</param>
    /// <param name="state">What there is to go back to, for the message; null where that is nothing.</param>
    /// <returns><see cref="ErrorCode.Diverged"/>, one line that names the layer and tensor where NaN or infinity first appears.</returns>
    public VkInceptionException Diverged(long step, string? state = null) => NonFinite.Diverged(this, step, state);

    /// <summary>The images of the last batch, as they lie in memory.</summary>
    internal float[] ReadBatch() => TensorLayout.Widened(Started.Map(0, (int)images.ExtentBytes), images.Type);

    /// <summary>Runs the last batch once more, launch by launch, up to the first that writes NaN or infinity.</summary>
    /// <returns>That launch and the name of what it wrote; null where all is finite.</returns>
    internal (PlanStep Step, string Tensor)? FirstNonFinite()
    {
        for (int i = 0; i < Plan.Execution.Steps.Length; i++)
        {
            PlanStep step = Plan.Execution.Steps[i];
            using CommandRecorder one = device.Record(step.Name);
            if (i == 0) CopyBatch(one, Started);
            recorder.Record(one, i);
            using RecordedCommands recorded = one.End();
            device.Wait(device.Submit(recorded));
            if (step.Launch.Tensors.FirstOrDefault(t => t.Access != Access.Read && !t.View.Storage.HoldsIntegers && !IsFinite(t.View)) is { } damaged) return (step, damaged.View.Storage.Name);
        }
        return null;
    }

    /// <summary>Frees the device memory, once a step under way is done; calling it twice is harmless.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (RecordedCommands recorded in commands) recorded.Dispose();
            readback.Dispose();
            foreach (GpuBuffer upload in uploads) upload.Dispose();
            arena.Dispose();
            residents.Dispose();
        }
    }

    private IEnumerable<ParameterSlot> Trained => Plan.Parameters.Slots.Where(s => s.IsTrained);

    /// <summary>In double precision they are the decimals that were given, as all settings.</summary>
    private void WriteMultipliers(Storage storage, ReadOnlySpan<float> values)
    {
        if (Plan.IsDouble) residents.Write(storage, Array.ConvertAll(values.ToArray(), DecimalValue.Of));
        else residents.Write(storage, values);
    }

    private ulong AddressOf(TensorView view)
        => view.Storage.IsResident ? residents.AddressOf(view) : arena.Address + (ulong)At(view);

    private RecordedCommands Record(GpuBuffer upload)
    {
        using CommandRecorder commandRecorder = device.Record($"{Plan.Execution.Network.Name} training step");
        CopyBatch(commandRecorder, upload);
        recorder.Record(commandRecorder);
        commandRecorder.Barrier(PipelineWork.Compute, PipelineWork.Transfer);
        int at = 0;
        foreach (TrainingHead head in Plan.Training.Heads)
        {
            commandRecorder.Copy(arena, At(Plan.Execution.Views[head.Loss]), readback, at, 3 * ResultBytes);
            at += 3 * ResultBytes;
        }
        if (Plan.Update is { } update) commandRecorder.Copy(residents[update.Control], 0, readback, at, 4 * ResultBytes);
        return commandRecorder.End();
    }

    private long At(TensorView view) => offsets[view.Storage] + view.OffsetBytes;

    private void CopyBatch(CommandRecorder to, GpuBuffer upload)
    {
        to.Copy(upload, 0, arena, At(images), images.ExtentBytes);
        to.Copy(upload, UploadedLabels, arena, At(labels), labels.ExtentBytes);
        to.Copy(upload, UploadedStep, residents[Plan.Step], 0, Plan.Step.Bytes);
        to.Barrier(PipelineWork.Transfer, PipelineWork.Compute);
    }

    private bool IsFinite(TensorView view)
    {
        var bytes = new byte[view.ExtentBytes];
        (GpuBuffer buffer, long at) = view.Storage.IsResident ? (residents[view.Storage], view.OffsetBytes) : (arena, At(view));
        device.Download(buffer, at, bytes);
        float[] values = TensorLayout.Widened(bytes, view.Type);
        for (long row = 0; row < view.Rows; row++)
            foreach (float value in values.AsSpan((int)(row * view.RowStride), view.RowLength))
                if (!float.IsFinite(value)) return false;
        return true;
    }

    private void Check(ReadOnlySpan<float> x, ReadOnlySpan<int> y)
    {
        if (x.Length != images.Shape.Count) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Plan.Execution.Network.Name}: the batch has {x.Length} elements, {images.Shape} = {images.Shape.Count} are needed");
        if (y.Length != labels.Shape.Count) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Plan.Execution.Network.Name}: {y.Length} labels for a batch of {labels.Shape.Count}");
        int classes = Plan.Training.Heads[0].Logits.Shape[1];
        foreach (int label in y)
            if ((label < 0 || label >= classes) && label != Graph.Ops.SoftmaxCrossEntropy.IgnoredLabel)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Plan.Execution.Network.Name}: label {label} of a batch is outside 0 to {classes - 1}");
    }

    private static float[] Packed(Storage storage, IEnumerable<ParameterSlot> slots, Func<Parameter, ReadOnlyMemory<float>> values)
    {
        var packed = new float[storage.Elements];
        foreach (ParameterSlot slot in slots) TensorLayout.Pack(values(slot.Parameter).Span, slot.Parameter, packed.AsSpan((int)slot.Offset, (int)slot.Parameter.Shape.Count));
        return packed;
    }

    private Dictionary<Parameter, float[]> ReadAll(Storage storage, bool trainedOnly)
    {
        float[] block = residents.Read(storage);
        return (trainedOnly ? Trained : Plan.Parameters.Slots).ToDictionary(s => s.Parameter, s => Unpacked(block, s.Parameter));
    }

    private float[] Unpacked(float[] block, Parameter parameter)
    {
        var logical = new float[parameter.Shape.Count];
        TensorLayout.Unpack(block.AsSpan((int)Plan.Parameters[parameter].Offset, logical.Length), parameter, logical);
        return logical;
    }
}
