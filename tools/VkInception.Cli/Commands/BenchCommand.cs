using System.CommandLine;
using System.Diagnostics;
using VkInception.Cli.Documents;
using VkInception.Vulkan;

namespace VkInception.Cli.Commands;

/// <summary><c>bench</c>: how fast a network runs on a device.</summary>
internal sealed class BenchCommand : CliCommand
{
    private const int WarmUps = 3;
    private const int LeastRuns = 10;
    private const int MostRuns = 500;
    private static readonly TimeSpan leastTime = TimeSpan.FromSeconds(3);

    private readonly Option<string> model = Words.Text("--model", "MODEL", "The network (default: googlenet)");
    private readonly Option<string> weights = Words.Weights();
    private readonly Option<int> batch = Words.Batch();
    private readonly Option<bool> train = Words.Train();

    public BenchCommand()
        : base("bench", "Measures a network: warm-up, then median and 95th percentile, rate, share of the device's peak",
            "bench --json", "bench --model googlenet --batch 8", "bench --profile googlenet.trace.json")
    {
        foreach (Option option in (Option[])[model, weights, batch, train])
            Options.Add(option);
    }

    public override bool RunsKernels => true;

    public override async Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        Words.RefuseTraining(parsed.GetValue(train));
        int images = parsed.GetValue(batch);
        using ProgressLine progress = context.Terminal.Progress("preparing");
        using Model named = Model.Load(parsed.GetValue(model) ?? "googlenet", parsed.GetValue(weights));
        // Speed does not depend on the values, so weights are made up where none are at hand.
        using Model runnable = named.HasWeights ? named : named.WithWeights(new SeededWeights());
        using var session = new DeviceSession(context);
        using CompiledModel compiled = runnable.Compile(session.Device, new CompileOptions { Batch = images });
        float[] x = Noise(compiled.InputShape.Count);
        await compiled.RunAsync(x, context.Cancellation);
        double firstResult = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
        progress.Stage("measuring");
        double[] times = await MeasureAsync(compiled, x, context.Cancellation);
        progress.Stage("measuring the device's peak");
        double peak = FmaPeak.Measure(session.Device);
        session.Finish(compiled);
        progress.Dispose();
        Report(context.Terminal, Describe(named.Name, session.Device.Info, compiled, images, times, peak, firstResult));
        return 0;
    }

    /// <summary>Milliseconds of every run after the warm-up, sorted.</summary>
    private static async Task<double[]> MeasureAsync(CompiledModel compiled, float[] x, CancellationToken cancellation)
    {
        for (int i = 0; i < WarmUps; i++)
            await compiled.RunAsync(x, cancellation);
        var times = new List<double>();
        long begin = Stopwatch.GetTimestamp();
        while (times.Count < LeastRuns || (times.Count < MostRuns && Stopwatch.GetElapsedTime(begin) < leastTime))
        {
            long start = Stopwatch.GetTimestamp();
            await compiled.RunAsync(x, cancellation);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return [.. times];
    }

    private static BenchDocument Describe(
        string name, DeviceInfo device, CompiledModel compiled, int images, double[] times, double peak, double firstResult)
    {
        double median = (times[times.Length / 2] + times[(times.Length - 1) / 2]) / 2;
        double p95 = times[Math.Min(times.Length - 1, (int)Math.Ceiling(times.Length * 0.95) - 1)];
        double gflops = 2.0 * compiled.Plan.Network.MultiplyAdds / median * 1e-6;
        return new(
            name, device.Name, $"{device.DriverName} {device.DriverVersion}", images, times.Length, median, p95, times[0], images * 1000 / median,
            gflops, peak, gflops / peak, firstResult, compiled.DeviceBytes);
    }

    private static void Report(Terminal terminal, BenchDocument done)
    {
        if (terminal.Json)
        {
            terminal.Document(done, JsonDocuments.Plain.BenchDocument);
            return;
        }

        terminal.Line(FormattableString.Invariant($"{done.Model}, batch {done.Batch}, on {done.Device} ({done.Driver}), {done.Runs} runs"));
        terminal.Line(FormattableString.Invariant($"median {done.MedianMs:F2} ms, 95th percentile {done.P95Ms:F2} ms, fastest {done.MinMs:F2} ms, {done.ImagesPerSecond:F1} images/s"));
        terminal.Line(FormattableString.Invariant($"{done.Gflops:F1} GFLOP/s, {done.PeakFraction:P1} of the measured peak of {done.PeakGflops:F1}"));
        terminal.Line(FormattableString.Invariant($"first result after {done.FirstResultMs:F0} ms, device memory {Counts.Bytes(done.DeviceBytes)}"));
    }

    private static float[] Noise(long count)
    {
        var random = new Random(1);
        var x = new float[count];
        for (int i = 0; i < x.Length; i++)
            x[i] = random.NextSingle() - 0.5f;
        return x;
    }
}
