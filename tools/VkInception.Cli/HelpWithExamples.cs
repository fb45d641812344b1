using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace VkInception.Cli;

/// <summary><c>--help</c> of every command: the usual page, then examples.</summary>
internal sealed class HelpWithExamples : Option<bool>
{
    public HelpWithExamples()
        : base("--help", "-h", "-?")
    {
        Description = "Show this help";
        Recursive = true;
        Arity = ArgumentArity.Zero;
        Action = new PageThenExamples();
    }

    private sealed class PageThenExamples : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            new HelpAction().Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            IEnumerable<string> examples = parseResult.CommandResult.Command is CliCommand command
                ? command.Examples
                : parseResult.CommandResult.Command.Subcommands.OfType<CliCommand>().Select(c => c.Examples[0]);
            output.WriteLine("Examples:");
            foreach (string example in examples)
                output.WriteLine($"  vkinception {example}");
            output.WriteLine();
            return 0;
        }
    }
}
