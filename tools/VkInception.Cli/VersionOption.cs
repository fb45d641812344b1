using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace VkInception.Cli;

/// <summary><c>--version</c>: the version of the library and the program, alone on a line.</summary>
internal sealed class VersionOption : Option<bool>
{
    public VersionOption()
        : base("--version")
    {
        Description = "Show the version";
        Arity = ArgumentArity.Zero;
        Action = new PrintVersion();
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            string version = typeof(VersionOption).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            parseResult.InvocationConfiguration.Output.WriteLine(version.Split('+')[0]);
            return 0;
        }
    }
}
