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
    private readonly Option<int> size = Words.Size();
    private readonly Option<bool> recompute = Words.CheckpointActivations();
    private readonly Option<int> runs = Words.Number("--runs", 0, 0, 100_000, "Timed runs, after as many to warm up but at most three; 0 runs for three seconds and at least ten times");
    private readonly Option<bool> roofline = new("--roofline") { Description = "Also every layer by itself: achieved arithmetic and traffic beside the device's measured peaks" };

    public BenchCommand()
        : base("bench", "Measures a network: warm-up, then median and 95th percentile, rate, share of the device's peak",
            "bench --json", "bench --model googlenet --batch 8", "bench --train --batch 8", "bench --roofline", "bench --profile googlenet.trace.json")
    {
        foreach (Option option in (Option[])[model, weights, batch, size, train, recompute, runs, roofline])
            Options.Add(option);
    }

    public override bool RunsKernels => true;

    public override bool TakesMixed(ParseResult parsed) => parsed.GetValue(train);

    public override bool TakesHalf(ParseResult parsed) => !parsed.GetValue(train);

    public override async Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        int images = parsed.GetValue(batch);
        if (parsed.GetValue(roofline) && parsed.GetValue(train))
            throw new VkInceptionException(ErrorCode.InvalidArgument, "--roofline measures the layers of inference: leave --train out");
        using ProgressLine progress = context.Terminal.Progress("preparing");
        using var session = new DeviceSession(context);
        using Model named = Model.Load(parsed.GetValue(model) ?? "googlenet", parsed.GetValue(weights));
        // Speed does not depend on the values, so weights are made up where none are at hand.
        using Model runnable = named.HasWeights ? named : named.WithWeights(new SeededWeights());
        using BenchedWork work = parsed.GetValue(train)
            ? BenchedWork.Training(runnable, session, images, parsed.GetValue(size), parsed.GetValue(recompute), context.Settings.Precision)
            : BenchedWork.Inference(runnable, session, images, parsed.GetValue(size), context.Settings.Precision);
        await work.RunAsync(context.Cancellation);
        double firstResult = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
        progress.Stage("measuring");
        double[] times = await MeasureAsync(work, parsed.GetValue(runs), context.Cancellation);
        progress.Stage("measuring the device's peak");
        double peak = FmaPeak.Measure(session.Device);
        BenchDocument done = Describe(named.Name, session.Device.Info, context.Settings.PrecisionWord, work, images, times, peak, firstResult);
        if (parsed.GetValue(roofline))
            done = WithLayers(done, session.Device, work.Layers!());
        session.Finish(work.Warnings, named.Name, work.Profile);
        progress.Dispose();
        Report(context.Terminal, done);
        return 0;
    }

    /// <summary>Milliseconds of every run after the warm-up, sorted.</summary>
    private static async Task<double[]> MeasureAsync(BenchedWork work, int runs, CancellationToken cancellation)
    {
        int least = runs > 0 ? runs : LeastRuns, most = runs > 0 ? runs : MostRuns;
        for (int i = 0; i < Math.Min(WarmUps, least); i++)
            await work.RunAsync(cancellation);
        var times = new List<double>();
        long begin = Stopwatch.GetTimestamp();
        while (times.Count < least || (times.Count < most && Stopwatch.GetElapsedTime(begin) < leastTime))
        {
            long start = Stopwatch.GetTimestamp();
            await work.RunAsync(cancellation);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return [.. times];
    }

    private static BenchDocument Describe(
        string name, DeviceInfo device, string precision, BenchedWork work, int images, double[] times, double peak, double firstResult)
    {
        double median = (times[times.Length / 2] + times[(times.Length - 1) / 2]) / 2;
        double p95 = times[Math.Min(times.Length - 1, (int)Math.Ceiling(times.Length * 0.95) - 1)];
        double gflops = 2.0 * work.MultiplyAdds / median * 1e-6;
        return new(
            name, device.Name, $"{device.DriverName} {device.DriverVersion}", precision, images, times.Length, median, p95, times[0], images * 1000 / median,
            gflops, peak, gflops / peak, firstResult, work.DeviceBytes, work.IsTraining, work.Kernels);
    }

    private static BenchDocument WithLayers(BenchDocument done, GpuDevice device, IReadOnlyList<LayerTime> layers)
    {
        if (layers.Count == 0)
            throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"{done.Device}: has no timestamps, so its layers cannot be told apart; leave --roofline out");
        double bandwidth = BandwidthPeak.Measure(device);
        return done with { PeakGigabytesPerSecond = bandwidth, Layers = [.. layers.Select(l => LayerTimeDocument.Of(l, done.PeakGflops, bandwidth))] };
    }

    private static void Report(Terminal terminal, BenchDocument done)
    {
        if (terminal.Json)
        {
            terminal.Document(done, JsonDocuments.Plain.BenchDocument);
            return;
        }

        terminal.Line(FormattableString.Invariant($"{done.Model}{(done.Train ? ", training step" : "")}, {done.Precision}, batch {done.Batch}, on {done.Device} ({done.Driver}), {done.Runs} runs; kernels {done.Kernels}"));
        terminal.Line(FormattableString.Invariant($"median {done.MedianMs:F2} ms, 95th percentile {done.P95Ms:F2} ms, fastest {done.MinMs:F2} ms, {done.ImagesPerSecond:F1} images/s"));
        terminal.Line(FormattableString.Invariant($"{done.Gflops:F1} GFLOP/s, {done.PeakFraction:P1} of the measured peak of {done.PeakGflops:F1}"));
        terminal.Line(FormattableString.Invariant($"first result after {done.FirstResultMs:F0} ms, device memory {Counts.Bytes(done.DeviceBytes)}"));
        if (done.Layers is null)
            return;
        terminal.Line(FormattableString.Invariant($"measured memory bandwidth {done.PeakGigabytesPerSecond:F1} GB/s"));
        var table = new TextTable("Layer", "Kernel", ">ms", ">GFLOP/s", ">GB/s", ">of its roof", "bound by");
        foreach (LayerTimeDocument l in done.Layers)
            table.Add(l.Layer, l.Kernel, Text($"{l.Milliseconds:F3}"), l.MultiplyAdds > 0 ? Text($"{l.Gflops:F1}") : "", Text($"{l.GigabytesPerSecond:F1}"), Text($"{l.RooflineShare:P0}"), l.BoundBy);
        terminal.Table(table);

        static string Text(FormattableString text) => FormattableString.Invariant(text);
    }
}
