using System.CommandLine;
using VkInception.Cli.Documents;
using VkInception.Graph;
using VkInception.Graph.Planning;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Optimizers;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.Cli.Commands;

/// <summary><c>plan MODEL</c>: levels, kernels and memory of a network on a device.</summary>
internal sealed class PlanCommand : CliCommand
{
    private readonly Argument<string> model = Words.Model();
    private readonly Option<int> batch = Words.Batch();
    private readonly Option<bool> train = Words.Train();
    private readonly Option<int> size = Words.Size();
    private readonly Option<bool> recompute = Words.CheckpointActivations();

    public PlanCommand()
        : base("plan", "Shows how a network will run: schedule levels, kernels chosen and why, memory", "plan googlenet", "plan googlenet --batch 8 --json", "plan googlenet --batch 32 --train")
    {
        Arguments.Add(model);
        Options.Add(batch);
        Options.Add(size);
        Options.Add(train);
        Options.Add(recompute);
    }

    public override bool PlansKernels => true;

    public override bool TakesMixed(ParseResult parsed) => parsed.GetValue(train);

    public override bool TakesHalf(ParseResult parsed) => !parsed.GetValue(train);

    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        int images = parsed.GetValue(batch);
        using ProgressLine progress = context.Terminal.Progress("planning");
        using var session = new DeviceSession(context);
        using Model loaded = Model.Load(parsed.GetRequiredValue(model));
        DeviceInfo device = session.Device.Info;
        int side = parsed.GetValue(size);
        TrainingPlan? training = parsed.GetValue(train) ? loaded.PlanTraining(device, StepOptions(images, side, parsed.GetValue(recompute), context, session.Kernels)) : null;
        ExecutionPlan plan = training?.Execution ?? loaded.Plan(device, new CompileOptions { Batch = images, Height = side, Width = side, Kernels = session.Kernels, Precision = context.Settings.Precision });
        session.Finish();
        progress.Dispose();
        var document = new PlanDocument(
            loaded.Name, device.Name, context.Settings.PrecisionWord, images, plan.Levels, plan.Steps.Length, plan.Barriers, plan.ArenaBytes, PeakBytes(plan), plan.ParameterBytes, training?.Bytes ?? plan.ArenaBytes + plan.ParameterBytes,
            [.. plan.Steps.Select(Describe)],
            [.. plan.Blocks.Select(b => new BlockDocument(b.Storage.Name, b.Offset, b.Bytes, b.FirstLevel, b.LastLevel))]);
        if (context.Terminal.Json)
            context.Terminal.Document(document, JsonDocuments.Plain.PlanDocument);
        else
            Print(plan, document, context.Terminal);
        if (training is not null && !context.Terminal.Json)
            Compare(loaded, session, images, side, context);
        return Task.FromResult(0);
    }

    private static StepDocument Describe(PlanStep step) => new(
        step.Level, step.Name, step.Work, step.Kernel, step.Reason, step.BarrierBefore,
        step.Selection?.Origin.ToString().ToLowerInvariant(), step.Selection?.Milliseconds, step.Selection?.RunnerUp, step.Selection?.RunnerUpMilliseconds,
        step.Selection?.Heuristic, step.Selection?.HeuristicMilliseconds);

    private static TrainingOptions StepOptions(int batch, int side, bool checkpointActivations, CommandContext context, IKernelChooser kernels) => new()
    {
        Batch = batch,
        Height = side,
        Width = side,
        Optimizer = new Sgd { WeightDecay = 2e-4f },
        CheckpointActivations = checkpointActivations,
        Precision = context.Settings.Precision,
        Kernels = kernels,
    };

    /// <summary>What keeping activations and computing them again cost beside each other.</summary>
    private static void Compare(Model model, DeviceSession session, int batch, int side, CommandContext context)
    {
        foreach (bool recomputed in (bool[])[false, true])
        {
            TrainingPlan plan = model.PlanTraining(session.Device.Info, StepOptions(batch, side, recomputed, context, session.Kernels));
            long again = plan.Execution.Steps.Where(s => s.Phase == Phase.Recompute).Select(s => s.Node!).Distinct().Sum(n => n.MultiplyAdds);
            string extra = recomputed ? FormattableString.Invariant($", {Counts.Metric(again)} multiply-adds computed twice ({(double)again / (3 * plan.Execution.Network.MultiplyAdds):P0} more)") : "";
            context.Terminal.Line($"activations {(recomputed ? "computed again" : "kept          ")}: arena {Counts.Bytes(plan.Execution.ArenaBytes)}, in all {Counts.Bytes(plan.Bytes)}{extra}");
        }
    }

    /// <summary>The most bytes of blocks that are alive at one level: what the arena could not be smaller than.</summary>
    private static long PeakBytes(ExecutionPlan plan) =>
        Enumerable.Range(0, plan.Levels + 1).Max(level => plan.Blocks.Where(b => b.FirstLevel <= level && level <= b.LastLevel).Sum(b => b.Bytes));

    private static void Print(ExecutionPlan plan, PlanDocument document, Terminal terminal)
    {
        foreach (string line in PlanText.Of(plan).Split('\n'))
            terminal.Line(line);
        terminal.Line($"batch {document.Batch}, {document.Precision}, on {document.Device}; alive at once at most {Counts.Bytes(document.PeakBytes)}");
    }
}
