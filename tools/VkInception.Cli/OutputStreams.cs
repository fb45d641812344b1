using System.Text;

namespace VkInception.Cli;

/// <summary>Where results and everything else go, and whether a person watches.</summary>
internal sealed record OutputStreams(TextWriter Output, TextWriter Error, bool OutputIsTerminal, bool ErrorIsTerminal)
{
    /// <summary>The process' own, in UTF-8 without a byte order mark whatever the locale says.</summary>
    public static OutputStreams OfProcess() => new(
        Open(Console.OpenStandardOutput()), Open(Console.OpenStandardError()), !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    private static StreamWriter Open(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
