using VkInception.Cli.Commands;

namespace VkInception.Cli;

/// <summary>Every command, in the order of the help.</summary>
internal static class CommandList
{
    public static IEnumerable<CliCommand> Create() =>
    [
        new ClassifyCommand(),
        new TrainCommand(),
        new EvaluateCommand(),
        new RunCommand(),
        new VisualizeCommand(),
        new GradientsCommand(),
        new DevicesCommand(),
        new ModelsCommand(),
        new SummaryCommand(),
        new CompareCommand(),
        new ImportCommand(),
        new InspectCommand(),
        new PlanCommand(),
        new TuneCommand(),
        new BenchCommand(),
    ];
}
