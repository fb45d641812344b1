using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Graph.Planning;
using VkInception.Vulkan;

namespace VkInception.Running;

/// <summary>One of the runs of a model that may be under way at once: memory of its own for an input and an output, and the commands between them.</summary>
/// <remarks>Not thread-safe: one run at a time has it.</remarks>
internal sealed class RunSlot : IDisposable
{
    private readonly GpuDevice device;
    private readonly TensorView input;
    private readonly TensorView output;
    private readonly GpuBuffer upload;
    private readonly GpuBuffer readback;
    private readonly RecordedCommands commands;

    /// <summary>Allocates and records.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="plan">What runs.</param>
    /// <param name="recorder">Records the plan's steps.</param>
    /// <param name="arena">Where the plan's blocks lie; runs of the same arena follow each other on the device.</param>
    /// <exception cref="VkInceptionException">Vulkan's errors. Nothing half-built stays behind.</exception>
    public RunSlot(GpuDevice device, ExecutionPlan plan, PlanRecorder recorder, GpuBuffer arena)
    {
        this.device = device;
        input = plan.Views[plan.Network.Inputs[0]];
        output = plan.Views[plan.Network.Outputs[0]];
        var built = new Stack<IDisposable>();
        try
        {
            built.Push(upload = device.Allocate(input.ExtentBytes, MemoryUse.Upload, "input"));
            built.Push(readback = device.Allocate(output.ExtentBytes, MemoryUse.Readback, "output"));
            built.Push(commands = Record(plan, recorder, arena));
        }
        catch
        {
            while (built.TryPop(out IDisposable? part)) part.Dispose();
            throw;
        }
    }

    /// <summary>Memory of its input and output, in bytes.</summary>
    public long Bytes => upload.Size + readback.Size;

    /// <summary>The submission of the last run, or 0.</summary>
    public ulong Submitted { get; private set; }

    /// <summary>Writes the input and submits.</summary>
    public void Start(ReadOnlySpan<float> x)
    {
        // A run whose waiting failed or was cancelled may still read the input.
        device.Wait(Submitted);
        Span<byte> memory = upload.Map(0, (int)upload.Size);
        if (input.Type == ElementType.Float16) TensorLayout.ToDevice(x, input with { Offset = 0 }, MemoryMarshal.Cast<byte, Half>(memory));
        else TensorLayout.ToDevice(x, input with { Offset = 0 }, MemoryMarshal.Cast<byte, float>(memory));
        Submitted = device.Submit(commands);
    }

    /// <summary>Reads the output of a run that is done.</summary>
    public void Finish(Span<float> y)
        => TensorLayout.FromDevice(MemoryMarshal.Cast<byte, float>(readback.Map(0, (int)readback.Size)), output with { Offset = 0 }, y);

    /// <inheritdoc/>
    public void Dispose()
    {
        commands.Dispose();
        readback.Dispose();
        upload.Dispose();
    }

    private RecordedCommands Record(ExecutionPlan plan, PlanRecorder recorder, GpuBuffer arena)
    {
        using CommandRecorder commandRecorder = device.Record(plan.Network.Name);
        commandRecorder.Copy(upload, 0, arena, PlaceOf(plan, input), upload.Size);
        commandRecorder.Barrier(PipelineWork.Transfer, PipelineWork.Compute);
        recorder.Record(commandRecorder);
        commandRecorder.Barrier(PipelineWork.Compute, PipelineWork.Transfer);
        commandRecorder.Copy(arena, PlaceOf(plan, output), readback, 0, readback.Size);
        return commandRecorder.End();
    }

    private static long PlaceOf(ExecutionPlan plan, TensorView view) => plan.Blocks.First(b => b.Storage == view.Storage).Offset + view.OffsetBytes;
}
