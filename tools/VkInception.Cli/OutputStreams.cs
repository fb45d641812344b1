using System.Text;

namespace VkInception.Cli;

/// <summary>Where results and everything else go, and whether a person watches.</summary>
internal sealed record OutputStreams(TextWriter Output, TextWriter Error, bool OutputIsTerminal, bool ErrorIsTerminal)
{
    /// <summary>The process' own, in UTF-8 without a byte order mark whatever the locale says.</summary>
    public static OutputStreams OfProcess() => new(
        Open(Console.OpenStandardOutput()), Open(Console.OpenStandardError()), !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>A line on standard error. False where that is closed or full: then only the exit code can tell.</summary>
    public bool Tell(string line)
    {
        try
        {
            Error.WriteLine(Printable.OneLine(line));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static StreamWriter Open(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
