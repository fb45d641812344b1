using VkInception.Graph;
using VkInception.Graph.Planning;
using VkInception.Vulkan;

namespace VkInception.Running;

/// <summary>Records a plan into a command buffer: pipelines, push constants, barriers.</summary>
internal sealed class PlanRecorder
{
    /// <summary>Every device takes at least this many workgroups in one direction; kernels stride over the rest.</summary>
    private const long MaxGroups = 65535;

    /// <summary>Times that a kernel shall stride on a processor, which has no latency to hide: elementwise kernels are 1.4 to 1.8 times as fast there.</summary>
    private const int StridesOfProcessor = 4;

    /// <summary>Workgroups that keep a processor's cores busy to the end; a kernel of few but long invocations shall not get fewer.</summary>
    private const long GroupsOfProcessor = 128;

    private readonly List<Prepared> prepared;
    private readonly long submissionWork;

    /// <summary>Takes the kernels that a <see cref="KernelMaker"/> of the same plan has made, or makes what is missing.</summary>
    /// <exception cref="VkInceptionException">A shader that does not declare what its dispatch passes; Vulkan's errors.</exception>
    public PlanRecorder(GpuDevice device, ExecutionPlan plan, Func<TensorView, ulong> addressOf)
        : this(device, plan.Steps, addressOf)
    {
    }

    /// <summary>As for a plan, for any launches; makes their kernels on all processors.</summary>
    /// <exception cref="VkInceptionException">A shader that does not declare what its dispatch passes; Vulkan's errors.</exception>
    public PlanRecorder(GpuDevice device, IReadOnlyList<PlanStep> steps, Func<TensorView, ulong> addressOf, CancellationToken cancel)
        : this(device, Made(device, steps, cancel), addressOf)
    {
    }

    private PlanRecorder(GpuDevice device, IReadOnlyList<PlanStep> steps, Func<TensorView, ulong> addressOf)
    {
        submissionWork = device.SubmissionWork;
        long[] work = StepWork.Estimate(steps);
        prepared = new List<Prepared>(steps.Count);
        for (int i = 0; i < steps.Count; i++) prepared.Add(Prepare(device, steps[i], addressOf) with { Work = work[i] });
    }

    /// <summary>Records all steps; with <paramref name="timed"/> a timestamp stands after each, labelled by node and kernel.</summary>
    /// <remarks>Begins another submission where the work of one reaches the device's bound; a launch is never cut.</remarks>
    public void Record(CommandRecorder recorder, bool timed = false)
    {
        long work = 0;
        foreach (Prepared p in prepared)
        {
            if (work > 0 && work + p.Work > submissionWork)
            {
                recorder.Split();
                work = 0;
            }
            else if (p.Step.BarrierBefore || timed)
            {
                recorder.Barrier();
            }
            work += p.Work;
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

    private static IReadOnlyList<PlanStep> Made(GpuDevice device, IReadOnlyList<PlanStep> steps, CancellationToken cancel)
    {
        using var maker = new KernelMaker(device, steps, cancel);
        maker.Finish();
        return steps;
    }

    private static Prepared Prepare(GpuDevice device, PlanStep step, Func<TensorView, ulong> addressOf)
    {
        ShaderDispatch launch = step.Launch;
        var order = KernelOrder.Of(device.Info, launch);
        long groups = launch.GroupsX > 0 ? launch.GroupsX : Groups(device.Info, (launch.Threads + order.LocalSize - 1) / order.LocalSize);
        return new Prepared(step, order.Make(device), PushLayout.Fill(order.Module, launch, addressOf), (uint)groups);
    }

    private static long Groups(DeviceInfo device, long wanted)
    {
        if (device.Type == DeviceType.Cpu) wanted = Math.Max(wanted / StridesOfProcessor, Math.Min(wanted, GroupsOfProcessor));
        return Math.Clamp(wanted, 1, MaxGroups);
    }

    private sealed record Prepared(PlanStep Step, ComputeKernel Kernel, byte[] Push, uint GroupsX)
    {
        public long Work { get; init; }
    }
}
