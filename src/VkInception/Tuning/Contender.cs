using System.Diagnostics;
using VkInception.Graph;
using VkInception.Graph.Planning;
using VkInception.Kernels;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception.Tuning;

/// <summary>One kernel in the race for one piece of work: its pipelines, its workspaces, its times.</summary>
internal sealed class Contender : IDisposable
{
    /// <summary>A sample shall last so long, or the clock's grain and the submission show.</summary>
    private const double LeastMilliseconds = 1;
    private const int MostRepeats = 16;

    private readonly GpuDevice device;
    private readonly PlanRecorder preparation;
    private readonly PlanRecorder recorder;
    private readonly List<double> times = [];
    private int repeats = 1;

    /// <summary>Makes the pipelines.</summary>
    /// <exception cref="VkInceptionException">What the driver has against it.</exception>
    public Contender(GpuDevice device, WorkMemory memory, KernelOption option, CancellationToken cancel)
    {
        this.device = device;
        Option = option;
        IReadOnlyList<ShaderDispatch> launches = option.Make();
        Workspaces = memory.Reserve(launches);
        try
        {
            // What an inference does once, before its first run, is no part of its time.
            ILookup<bool, PlanStep> steps = launches.ToLookup(l => l.Tensors.All(t => t.View.Storage.IsResident), l => new PlanStep(null, 0, l, option.Name, "", BarrierBefore: true));
            preparation = new PlanRecorder(device, [.. steps[true]], Workspaces.AddressOf, cancel);
            recorder = new PlanRecorder(device, [.. steps[false]], Workspaces.AddressOf, cancel);
        }
        catch
        {
            Workspaces.Dispose();
            throw;
        }
    }

    public KernelOption Option { get; }

    public Workspaces Workspaces { get; }

    public string Name => Option.Name;

    public int Rounds => times.Count;

    /// <summary>Milliseconds.</summary>
    public double Median
    {
        get
        {
            double[] sorted = [.. times.Order()];
            return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
        }
    }

    /// <summary>The shortest, in milliseconds: what the device can do where others use it too.</summary>
    public double Least => times.Min();

    /// <summary>Runs once, for the result; what is prepared stays.</summary>
    public void Run()
    {
        using CommandRecorder commands = device.Record(Name);
        preparation.Record(commands);
        commands.Barrier();
        recorder.Record(commands);
        using RecordedCommands recorded = commands.End();
        device.Wait(device.Submit(recorded));
    }

    /// <summary>Runs, and adds the time of one run.</summary>
    public void Measure()
    {
        double milliseconds = Time(repeats) / repeats;
        times.Add(milliseconds);
        repeats = (int)Math.Clamp(LeastMilliseconds / Math.Max(milliseconds, 1e-6), 1, MostRepeats);
    }

    public void Dispose() => Workspaces.Dispose();

    private double Time(int runs)
    {
        using CommandRecorder commands = device.Record(Name);
        commands.Timestamp("start");
        for (int i = 0; i < runs; i++) recorder.Record(commands);
        commands.Timestamp("end");
        using RecordedCommands recorded = commands.End();
        long start = Stopwatch.GetTimestamp();
        device.Wait(device.Submit(recorded));
        double host = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        // A device without timestamps is measured from outside.
        return recorded.ReadTimestamps() is { Count: > 0 } spans ? spans.Sum(s => s.Milliseconds) : host;
    }
}
