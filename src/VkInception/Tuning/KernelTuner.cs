using System.Collections.Immutable;
using System.Diagnostics;
using VkInception.Kernels;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.Tuning;

/// <summary>Finds the fastest kernel for every piece of convolution work of a network, by measuring on the device, and keeps what it found. One thread at a time: not thread-safe.</summary>
/// <remarks>
/// Every kernel that applies runs on made-up data at the real shapes. Its result is held against that of the kernel that computes
/// anything; what is wrong or fails is left out. The rest takes turns; medians decide. The file that it fills is read by
/// <see cref="ConvolutionKernels.Tuned"/>, which <see cref="Model.Compile"/> uses by itself.
/// </remarks>
public sealed class KernelTuner
{
    /// <summary>The largest pieces of work come first, and make the pipelines that the others use too: each may take this part of the time that is left.</summary>
    private const int MostSharers = 8;

    private readonly GpuDevice device;
    private readonly ConvolutionKernels kernels;
    private readonly TunerOptions options;
    private readonly TuningFile? file;

    /// <summary>A tuner for a device.</summary>
    public KernelTuner(GpuDevice device, TunerOptions? options = null)
        : this(device, KernelSet.Of(DeviceTraits.Of((device ?? throw new ArgumentNullException(nameof(device))).Info)), options)
    {
    }

    internal KernelTuner(GpuDevice device, KernelSet set, TunerOptions? options = null)
    {
        this.device = device;
        this.options = options ?? new TunerOptions();
        kernels = new ConvolutionKernels(set);
        file = TuningFile.Of(device, set);
    }

    /// <summary>Tunes a network as <see cref="Model.Compile"/> would run it.</summary>
    /// <param name="model">The network; weights are not needed.</param>
    /// <param name="shape">Batch and image size; its kernels are not looked at.</param>
    /// <param name="cancel">Stops between two kernels; what was found so far is kept.</param>
    /// <exception cref="VkInceptionException">Shape errors; a device that a kernel lost; <see cref="ErrorCode.InputOutput"/> where the cache folder cannot be written.</exception>
    public TuningReport Tune(Model model, CompileOptions shape, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(shape);
        var collector = new WorkCollector(kernels);
        model.Plan(device.Info, shape with { Kernels = collector });
        return Tune(collector.Works, cancel);
    }

    /// <summary>Tunes a training step as <see cref="Model.CompileTraining"/> would run it, gradients included.</summary>
    /// <inheritdoc cref="Tune(Model, CompileOptions, CancellationToken)"/>
    public TuningReport Tune(Model model, TrainingOptions shape, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(shape);
        var collector = new WorkCollector(kernels);
        model.PlanTraining(device.Info, shape with { Kernels = collector });
        return Tune(collector.Works, cancel);
    }

    /// <summary>Tunes pieces of work, those first that take longest.</summary>
    internal TuningReport Tune(IReadOnlyList<TuningWork> works, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        var reports = new WorkReport[works.Count];
        IReadOnlyDictionary<string, TunedKernel> known = options.Again || file is null ? ImmutableDictionary<string, TunedKernel>.Empty : file.Read(out _);
        List<int> order = [];
        for (int i = 0; i < works.Count; i++)
            if (known.TryGetValue(works[i].Key, out TunedKernel? found)) reports[i] = Report(works[i], found, known: true, []);
            else order.Add(i);
        order = [.. order.OrderByDescending(i => works[i].Count * kernels.Options(works[i].Work).Min(o => o.Cost))];
        for (int done = 0; done < order.Count; done++)
        {
            TimeSpan left = options.Budget - Stopwatch.GetElapsedTime(start);
            reports[order[done]] = Tune(works[order[done]], left <= TimeSpan.Zero ? TimeSpan.Zero : left / Math.Min(order.Count - done, MostSharers), cancel);
            options.Progress?.Invoke(done + 1, order.Count);
        }
        bool complete = reports.All(r => r.Milliseconds is not null && r.Candidates.All(c => c.Outcome != CandidateOutcome.Untried));
        return new TuningReport([.. reports], Stopwatch.GetElapsedTime(start).TotalSeconds, complete, file?.Path);
    }

    private WorkReport Tune(TuningWork work, TimeSpan share, CancellationToken cancel)
    {
        ImmutableArray<KernelOption> all = kernels.Options(work.Work);
        string heuristic = KernelOption.Estimate(all).Name;
        if (share == TimeSpan.Zero) return new WorkReport(work.Key, work.Count, null, null, heuristic, null, false, []);
        using var race = new Race(device, work.Work, all, share, options.Rounds);
        race.Run(cancel);
        if (race.Result is not { } found) return new WorkReport(work.Key, work.Count, null, null, heuristic, null, false, race.Candidates);
        file?.Merge(new Dictionary<string, TunedKernel> { [work.Key] = found });
        return Report(work, found, known: false, race.Candidates);
    }

    private static WorkReport Report(TuningWork work, TunedKernel found, bool known, ImmutableArray<CandidateReport> candidates)
        => new(work.Key, work.Count, found.Kernel, found.Milliseconds, found.Heuristic, found.HeuristicMilliseconds, known, candidates);
}
