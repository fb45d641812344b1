using System.Text.Json;
using VkInception.Cli;

namespace VkInception.Tests.Cli;

/// <summary>One call of the program and what came of it.</summary>
internal sealed record Invocation(int ExitCode, string Output, string Error)
{
    /// <summary>The one JSON document on standard output.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The lines of standard error.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static async Task<Invocation> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await CommandLine.RunAsync(arguments, new OutputStreams(output, error, false, false), CancellationToken.None);
        return new Invocation(code, output.ToString(), error.ToString());
    }
}
