using System.CommandLine;
using System.Globalization;
using VkInception.Cli.Documents;
using VkInception.Graph.Training.Optimizers;
using VkInception.Training;
using VkInception.Tuning;
using VkInception.Vulkan;

namespace VkInception.Cli.Commands;

/// <summary><c>tune MODEL</c>: measures every convolution kernel at the network's shapes and keeps the fastest for whoever runs it later.</summary>
internal sealed class TuneCommand : CliCommand
{
    private static readonly HashSet<string> usual = ["Float32", "s1x1", "p0.0.0.0", "d1x1", "w", "dw", "bias"];

    private readonly Argument<string> model = Words.Model();
    private readonly Option<int> batch = Words.Batch();
    private readonly Option<int> size = Words.Size();
    private readonly Option<bool> train = Words.Train();
    private readonly Option<bool> recompute = Words.CheckpointActivations();
    private readonly Option<int> budget = Words.Number("--budget", 60, 1, 86_400, "Seconds; what is not reached is left to another run");
    private readonly Option<bool> again = new("--again") { Description = "Measure what is known once more" };

    public TuneCommand()
        : base("tune", "Measures the convolution kernels on the device and keeps the fastest for later runs",
            "tune googlenet", "tune googlenet --batch 8 --budget 120", "tune googlenet --train --batch 32 --json")
    {
        Arguments.Add(model);
        foreach (Option option in (Option[])[batch, size, train, recompute, budget, again])
            Options.Add(option);
    }

    public override bool TakesMixed(ParseResult parsed) => parsed.GetValue(train);

    public override bool TakesHalf(ParseResult parsed) => !parsed.GetValue(train);

    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        using Model loaded = Model.Load(parsed.GetRequiredValue(model));
        using var session = new DeviceSession(context);
        using ProgressLine progress = context.Terminal.Progress("measuring kernels");
        var tuner = new KernelTuner(session.Device, new TunerOptions
        {
            Budget = TimeSpan.FromSeconds(parsed.GetValue(budget)),
            Again = parsed.GetValue(again),
            Progress = progress.Step,
        });
        int images = parsed.GetValue(batch), side = parsed.GetValue(size);
        TuningReport report = parsed.GetValue(train)
            ? tuner.Tune(loaded, new TrainingOptions { Batch = images, Height = side, Width = side, Optimizer = new Sgd(), CheckpointActivations = parsed.GetValue(recompute), Precision = context.Settings.Precision }, context.Cancellation)
            : tuner.Tune(loaded, new CompileOptions { Batch = images, Height = side, Width = side, Precision = context.Settings.Precision }, context.Cancellation);
        session.Finish();
        progress.Dispose();
        if (context.Terminal.Json)
            context.Terminal.Document(Describe(loaded.Name, session.Device.Info, context.Settings.PrecisionWord, images, parsed.GetValue(train), report), JsonDocuments.Plain.TuneDocument);
        else
            Print(report, session.Device.Info, context.Terminal);
        return Task.FromResult(0);
    }

    private static TuneDocument Describe(string name, DeviceInfo device, string precision, int images, bool training, TuningReport report) => new(
        name, device.Name, $"{device.DriverName} {device.DriverVersion}", precision, images, training, report.Seconds, report.Complete, report.File, report.HeuristicMilliseconds, report.TunedMilliseconds,
        [.. report.Works.Select(w => new TunedWorkDocument(
            w.Work, w.Count, w.Kernel, w.Milliseconds, w.Heuristic, w.HeuristicMilliseconds, w.Known,
            [.. w.Candidates.Select(c => new TunedCandidateDocument(c.Kernel, NameOf(c.Outcome), c.Milliseconds, c.Note))]))]);

    private static string NameOf(CandidateOutcome outcome) => outcome.ToString().ToLowerInvariant();

    private static void Print(TuningReport report, DeviceInfo device, Terminal terminal)
    {
        var table = new TextTable("work", ">times", "kernel", ">ms", "estimate", ">ms", ">gain");
        foreach (WorkReport w in report.Works)
            table.Add(Brief(w.Work), w.Count.ToString(CultureInfo.InvariantCulture), w.Kernel ?? Missing(w), Milliseconds(w.Milliseconds), w.Heuristic == w.Kernel ? "the same" : w.Heuristic, Milliseconds(w.HeuristicMilliseconds), Gain(w.HeuristicMilliseconds, w.Milliseconds));
        terminal.Table(table);
        foreach (WorkReport w in report.Works)
            foreach (CandidateReport c in w.Candidates.Where(c => c.Outcome is CandidateOutcome.Wrong or CandidateOutcome.Failed))
                terminal.Line($"{c.Kernel} left out for {Brief(w.Work)}: {c.Note}");
        terminal.Line(FormattableString.Invariant($"on {device.Name}: {report.TunedMilliseconds:F2} ms of convolutions, {report.HeuristicMilliseconds:F2} ms by the estimate ({Gain(report.HeuristicMilliseconds, report.TunedMilliseconds)}); {report.Seconds:F0} s"));
        if (!report.Complete)
            terminal.Line("there was no time for all of them: run it again to go on, or give it more with --budget");
        if (report.File is { } file)
            terminal.Line($"kept in {file}");
    }

    private static string Missing(WorkReport work) => work.Candidates.IsEmpty ? "no time" : "none ran";

    /// <summary>Without the words that say what one would think anyway.</summary>
    private static string Brief(string work) => string.Join(' ', work.Replace("+0", "", StringComparison.Ordinal).Replace("groups 1", "", StringComparison.Ordinal)
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !usual.Contains(word)));

    private static string Milliseconds(double? value) => value is { } ms ? ms.ToString("F3", CultureInfo.InvariantCulture) : "";

    private static string Gain(double? before, double? after) => before is { } b && after is { } a and > 0 ? FormattableString.Invariant($"{b / a:F2}×") : "";
}
