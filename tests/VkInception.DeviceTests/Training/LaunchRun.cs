using System.Collections.Immutable;
using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Graph.Planning;
using VkInception.Graph.Training;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Training;

/// <summary>Runs launches on a device over blocks that the test fills and reads; what nobody filled is NaN.</summary>
internal sealed class LaunchRun(GpuDevice device)
{
    private readonly Dictionary<Storage, float[]> blocks = [];

    /// <summary>A flat tensor with these elements.</summary>
    public TensorView Place(string name, float[] elements)
    {
        var storage = new Storage(name, elements.Length, resident: true);
        blocks.Add(storage, elements);
        return TensorView.Dense([elements.Length], storage);
    }

    /// <summary>A step's values.</summary>
    public TensorView Place(StepValues values) => Place("step", WordsOf(values));

    /// <summary>What a tensor of <see cref="Place(string, float[])"/> holds; the test may change it between runs.</summary>
    public float[] Of(TensorView view) => blocks[view.Storage];

    /// <summary>Replaces a step's values.</summary>
    public void Set(TensorView step, StepValues values) => WordsOf(values).CopyTo(Of(step), 0);

    /// <summary>The values as they lie in memory, each word as a float's bits.</summary>
    public static float[] WordsOf(StepValues values, ElementType type = ElementType.Float32)
    {
        var words = new float[StepValues.Words(type)];
        values.Write(MemoryMarshal.AsBytes(words.AsSpan()), type);
        return words;
    }

    /// <summary>Runs launches one after another, each behind a barrier.</summary>
    public void Run(IEnumerable<ShaderDispatch> launches)
    {
        var builder = new NetworkBuilder("test");
        Node node = builder.Add("node", new Identity(), [builder.Input("x", [1])], null);
        ImmutableArray<PlanStep> steps = [.. launches.Select((launch, i) => new PlanStep(node, i, launch, launch.Kernel, "", BarrierBefore: true))];
        foreach (Storage storage in steps.SelectMany(s => s.Launch.Tensors).Select(t => t.View.Storage).Distinct())
            if (!blocks.ContainsKey(storage)) blocks.Add(storage, [.. Enumerable.Repeat(float.NaN, (int)storage.Elements)]);

        var offsets = new Dictionary<Storage, long>();
        long bytes = 0;
        foreach ((Storage storage, float[] elements) in blocks)
        {
            offsets.Add(storage, bytes);
            bytes += (elements.Length + 63L) / 64 * 64 * sizeof(float);
        }
        using GpuBuffer buffer = device.Allocate(bytes, MemoryUse.Device, "memory");
        foreach ((Storage storage, float[] elements) in blocks) device.Upload(buffer, offsets[storage], MemoryMarshal.AsBytes<float>(elements));
        using CommandRecorder recorder = device.Record("launches");
        var plan = new ExecutionPlan(builder.Build(node.Output), steps, [], 0, ImmutableDictionary<Tensor, TensorView>.Empty, []);
        new PlanRecorder(device, plan.Steps, view => buffer.Address + (ulong)(offsets[view.Storage] + view.Offset * sizeof(float)), CancellationToken.None).Record(recorder);
        using RecordedCommands commands = recorder.End();
        device.Wait(device.Submit(commands));
        foreach ((Storage storage, float[] elements) in blocks) device.Download(buffer, offsets[storage], MemoryMarshal.AsBytes(elements.AsSpan()));
    }
}
