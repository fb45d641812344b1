using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using VkInception.Graph;
using VkInception.Kernels;
using VkInception.Vulkan;

namespace VkInception.Tuning;

/// <summary>All kernels for one piece of work against each other.</summary>
internal sealed class Race : IDisposable
{
    /// <summary>Kernels that took so many times longer than the best in the first round get no second one.</summary>
    private const double OutOfReach = 1.5;

    /// <summary>What is faster by less than this is not: the estimate's choice stays, so that noise does not move kernels.</summary>
    private const double Worthwhile = 1.02;

    private readonly GpuDevice device;
    private readonly Dispatch work;
    private readonly ImmutableArray<KernelOption> options;
    private readonly TimeSpan share;
    private readonly int rounds;
    private readonly Dictionary<string, CandidateReport> reports = [];
    private readonly List<Contender> racing = [];
    private readonly List<Contender> made = [];
    private readonly long start = Stopwatch.GetTimestamp();

    /// <param name="device">Where.</param>
    /// <param name="work">What.</param>
    /// <param name="options">The kernels; the first is the reference.</param>
    /// <param name="share">Time for all; the reference and the estimate's choice run whatever it is.</param>
    /// <param name="rounds">Turns.</param>
    public Race(GpuDevice device, Dispatch work, ImmutableArray<KernelOption> options, TimeSpan share, int rounds)
    {
        this.device = device;
        this.work = work;
        this.options = options;
        this.share = share;
        this.rounds = rounds;
    }

    /// <summary>The winner; null where not even the reference ran.</summary>
    public TunedKernel? Result { get; private set; }

    /// <summary>Every kernel in the order of the list.</summary>
    public ImmutableArray<CandidateReport> Candidates => [.. options.Select(o => reports[o.Name])];

    private bool TimeIsUp => Stopwatch.GetElapsedTime(start) > share;

    /// <summary>Verifies and times.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.DeviceLost"/>, naming the kernel.</exception>
    public void Run(CancellationToken cancel)
    {
        string heuristic = KernelOption.Estimate(options).Name;
        try
        {
            using var memory = new WorkMemory(device, work);
            Qualify(memory, heuristic, cancel);
            Repeat(heuristic, cancel);
        }
        catch (VkInceptionException e) when (e.Code == ErrorCode.OutOfDeviceMemory)
        {
            foreach (KernelOption option in options) reports.TryAdd(option.Name, new CandidateReport(option.Name, CandidateOutcome.Failed, null, e.Message));
            return;
        }
        Decide(heuristic);
    }

    public void Dispose()
    {
        foreach (Contender contender in made) contender.Dispose();
    }

    /// <summary>Runs every kernel once for its result and once for its time, the reference first and the estimate's choice next.</summary>
    private void Qualify(WorkMemory memory, string heuristic, CancellationToken cancel)
    {
        float[]? reference = null;
        foreach (KernelOption option in options.OrderBy(o => o == options[0] ? 0 : o.Name == heuristic ? 1 : 2).ThenBy(o => o.IsMeasuredOnly).ThenBy(o => o.Cost))
        {
            cancel.ThrowIfCancellationRequested();
            if (reference is null && option != options[0])
                Leave(option, CandidateOutcome.Failed, $"{options[0].Name}, which it would be held against, gave no result");
            else if (TimeIsUp && option != options[0] && option.Name != heuristic)
                Leave(option, CandidateOutcome.Untried, "no time was left");
            else
                reference = Try(memory, option, reference, cancel) ?? reference;
        }
    }

    /// <summary>The result of one kernel; null where it is none, with the reason noted.</summary>
    private float[]? Try(WorkMemory memory, KernelOption option, float[]? reference, CancellationToken cancel)
    {
        try
        {
            var contender = new Contender(device, memory, option, cancel);
            made.Add(contender);
            memory.Reset(contender.Workspaces);
            contender.Run();
            float[] result = memory.Read(out string? problem);
            problem ??= Difference(reference ?? result, result, Tolerance.Of(work, option.ErrorGrowth));
            if (problem is not null)
            {
                Leave(option, CandidateOutcome.Wrong, problem);
                return null;
            }
            contender.Measure();
            racing.Add(contender);
            return reference ?? result;
        }
        catch (VkInceptionException e) when (e.Code != ErrorCode.DeviceLost)
        {
            Leave(option, CandidateOutcome.Failed, e.Message);
            return null;
        }
        catch (VkInceptionException e)
        {
            throw new VkInceptionException(e.Code, $"{option.Name} for {WorkKey.Of(work)}: {e.Message}; do without tuning, or name another kernel with --kernel", e);
        }
    }

    private void Leave(KernelOption option, CandidateOutcome outcome, string why) => reports[option.Name] = new CandidateReport(option.Name, outcome, null, why);

    /// <summary>Times those that are near the best, in turns, so that what else the machine does hits all alike.</summary>
    private void Repeat(string heuristic, CancellationToken cancel)
    {
        if (racing.Count == 0) return;
        double bound = OutOfReach * racing.Min(c => c.Median);
        List<Contender> near = [.. racing.Where(c => c.Median <= bound || c.Name == heuristic)];
        for (int round = 1; round < rounds && near.Count > 1; round++)
            foreach (Contender contender in near)
            {
                cancel.ThrowIfCancellationRequested();
                if (TimeIsUp) return;
                contender.Measure();
            }
    }

    private void Decide(string heuristic)
    {
        Contender? estimated = racing.Find(c => c.Name == heuristic);
        List<Contender> order = [.. racing.OrderBy(c => c.Median)];
        if (order.Count == 0) return;
        // On a machine with other work a median alone may be luck: the estimate's choice gives way to what is faster at its best too.
        Contender best = order.Find(c => estimated is null || c == estimated || (Worthwhile * c.Median < estimated.Median && Worthwhile * c.Least < estimated.Least))!;
        Contender? second = order.Find(c => c != best);
        foreach (Contender c in racing)
            reports[c.Name] = c == best
                ? new CandidateReport(c.Name, CandidateOutcome.Chosen, c.Median, "")
                : new CandidateReport(c.Name, CandidateOutcome.Slower, c.Median, c.Rounds == 1 ? "far behind after one round" : "");
        // An estimate whose kernel failed cost what the winner costs: there is nothing else to compare with.
        Result = new TunedKernel(best.Name, best.Median, second?.Name, second?.Median, heuristic, (estimated ?? best).Median);
    }

    private static string? Difference(float[] expected, float[] found, Tolerance tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
            if (!(Math.Abs(found[i] - expected[i]) <= tolerance.For(expected[i])))
                return string.Create(CultureInfo.InvariantCulture, $"element {i} of {expected.Length} is {found[i]:G6}, {expected[i]:G6} by the reference");
        return null;
    }
}
