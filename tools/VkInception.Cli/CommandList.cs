using VkInception.Cli.Commands;

namespace VkInception.Cli;

/// <summary>Every command, in the order of the help.</summary>
internal static class CommandList
{
    public static IEnumerable<CliCommand> Create() =>
    [
        new ModelsCommand(),
        new SummaryCommand(),
        new InspectCommand(),
    ];
}
