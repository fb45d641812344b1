using System.CommandLine;
using VkInception.Cli.Documents;
using VkInception.Graph.Planning;
using VkInception.Vulkan;

namespace VkInception.Cli.Commands;

/// <summary><c>plan MODEL</c>: levels, kernels and memory of a network on a device.</summary>
internal sealed class PlanCommand : CliCommand
{
    private readonly Argument<string> model = Words.Model();
    private readonly Option<int> batch = Words.Batch();
    private readonly Option<bool> train = Words.Train();

    public PlanCommand()
        : base("plan", "Shows how a network will run: schedule levels, kernels chosen and why, memory", "plan googlenet", "plan googlenet --batch 8 --json")
    {
        Arguments.Add(model);
        Options.Add(batch);
        Options.Add(train);
    }

    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        Words.RefuseTraining(parsed.GetValue(train));
        int images = parsed.GetValue(batch);
        using ProgressLine progress = context.Terminal.Progress("planning");
        using Model loaded = Model.Load(parsed.GetRequiredValue(model));
        using var session = new DeviceSession(context);
        DeviceInfo device = session.Device.Info;
        ExecutionPlan plan = loaded.Plan(device, new CompileOptions { Batch = images });
        session.Finish();
        progress.Dispose();
        var document = new PlanDocument(
            loaded.Name, device.Name, images, plan.Levels, plan.Steps.Length, plan.Barriers, plan.ArenaBytes, PeakBytes(plan), plan.ParameterBytes,
            [.. plan.Steps.Select(s => new StepDocument(s.Level, s.Name, s.Work, s.Kernel, s.Reason, s.BarrierBefore))],
            [.. plan.Blocks.Select(b => new BlockDocument(b.Storage.Name, b.Offset, b.Bytes, b.FirstLevel, b.LastLevel))]);
        if (context.Terminal.Json)
            context.Terminal.Document(document, JsonDocuments.Plain.PlanDocument);
        else
            Print(plan, document, context.Terminal);
        return Task.FromResult(0);
    }

    /// <summary>The most bytes of blocks that are alive at one level: what the arena could not be smaller than.</summary>
    private static long PeakBytes(ExecutionPlan plan) =>
        Enumerable.Range(0, plan.Levels + 1).Max(level => plan.Blocks.Where(b => b.FirstLevel <= level && level <= b.LastLevel).Sum(b => b.Bytes));

    private static void Print(ExecutionPlan plan, PlanDocument document, Terminal terminal)
    {
        foreach (string line in PlanText.Of(plan).Split('\n'))
            terminal.Line(line);
        terminal.Line($"batch {document.Batch} on {document.Device}; alive at once at most {Counts.Bytes(document.PeakBytes)}");
    }
}
