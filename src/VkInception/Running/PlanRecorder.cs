using VkInception.Graph;
using VkInception.Graph.Planning;
using VkInception.Vulkan;

namespace VkInception.Running;

/// <summary>Records a plan into a command buffer: pipelines, push constants, barriers.</summary>
internal sealed class PlanRecorder
{
    /// <summary>Every device takes at least this many workgroups in one direction; kernels stride over the rest.</summary>
    private const long MaxGroups = 65535;

    /// <summary>Invocations per workgroup where a kernel does not care.</summary>
    private const uint DefaultLocalSize = 64;

    /// <summary>Times that a kernel shall stride on a processor, which has no latency to hide: elementwise kernels are 1.4 to 1.8 times as fast there.</summary>
    private const int StridesOfProcessor = 4;

    /// <summary>Workgroups that keep a processor's cores busy to the end; a kernel of few but long invocations shall not get fewer.</summary>
    private const long GroupsOfProcessor = 128;

    private readonly List<Prepared> prepared;

    /// <summary>Makes the pipelines, on all processors: compiling them is most of a cold start.</summary>
    /// <exception cref="VkInceptionException">A shader that does not declare what its dispatch passes; Vulkan's errors.</exception>
    public PlanRecorder(GpuDevice device, ExecutionPlan plan, Func<TensorView, ulong> addressOf, CancellationToken cancel)
        : this(device, plan.Steps, addressOf, cancel)
    {
    }

    /// <summary>As for a plan, for any launches.</summary>
    public PlanRecorder(GpuDevice device, IEnumerable<PlanStep> steps, Func<TensorView, ulong> addressOf, CancellationToken cancel)
    {
        try
        {
            prepared = [.. steps.AsParallel().AsOrdered().WithCancellation(cancel).Select(step => Prepare(device, step, addressOf))];
        }
        catch (AggregateException e) when (e.InnerException is VkInceptionException first)
        {
            throw new VkInceptionException(first.Code, first.Message, e);
        }
    }

    /// <summary>Records all steps; with <paramref name="timed"/> a timestamp stands after each, labelled by node and kernel.</summary>
    public void Record(CommandRecorder recorder, bool timed = false)
    {
        foreach (Prepared p in prepared)
        {
            if (p.Step.BarrierBefore || timed) recorder.Barrier();
            recorder.Dispatch(p.Kernel, p.Push, p.GroupsX, (uint)p.Step.Launch.GroupsY, (uint)p.Step.Launch.GroupsZ);
            if (timed) recorder.Timestamp($"{p.Step.Name} [{p.Step.Kernel}]");
        }
    }

    /// <summary>Records one step.</summary>
    public void Record(CommandRecorder recorder, int step)
    {
        Prepared p = prepared[step];
        recorder.Dispatch(p.Kernel, p.Push, p.GroupsX, (uint)p.Step.Launch.GroupsY, (uint)p.Step.Launch.GroupsZ);
    }

    private static Prepared Prepare(GpuDevice device, PlanStep step, Func<TensorView, ulong> addressOf)
    {
        ShaderDispatch launch = step.Launch;
        SpirvModule module = ShaderLibrary.Load(launch.Module);
        uint local = launch.LocalSize > 0 ? (uint)launch.LocalSize : Math.Min(DefaultLocalSize, device.Info.MaxWorkgroupInvocations);
        uint? subgroup = launch.WholeSubgroup && device.Info.SubgroupSizeControl ? local : null;
        ComputeKernel kernel = device.GetKernel(module, PushLayout.Specialize(module, launch), local, subgroup);
        long groups = launch.GroupsX > 0 ? launch.GroupsX : Groups(device.Info, (launch.Threads + local - 1) / local);
        return new Prepared(step, kernel, PushLayout.Fill(module, launch, addressOf), (uint)groups);
    }

    private static long Groups(DeviceInfo device, long wanted)
    {
        if (device.Type == DeviceType.Cpu) wanted = Math.Max(wanted / StridesOfProcessor, Math.Min(wanted, GroupsOfProcessor));
        return Math.Clamp(wanted, 1, MaxGroups);
    }

    private sealed record Prepared(PlanStep Step, ComputeKernel Kernel, byte[] Push, uint GroupsX);
}
