using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace VkInception.Cli;

/// <summary>Says things: results on standard output, remarks and progress on standard error.</summary>
internal sealed class Terminal(OutputStreams streams, bool json, bool quiet)
{
    /// <summary>How much of a table's width a terminal must have for its wrapped cells to stay readable.</summary>
    private const double ReadableShare = 0.6;

    /// <summary>Whether the result is one JSON document; nothing else goes to standard output then.</summary>
    public bool Json => json;

    /// <summary>A line of the result.</summary>
    public void Line(string text = "") => Print(output => output.WriteLine(Printable.Of(text)));

    /// <summary>A remark on the way; silent under <c>--quiet</c>.</summary>
    public void Remark(string text)
    {
        if (!quiet)
            streams.Tell(text);
    }

    /// <summary>What a person must see though the command goes on.</summary>
    public void Warn(string text) => streams.Tell($"vkinception: {text}");

    /// <summary>The JSON document, written whole or not at all.</summary>
    public void Document<T>(T document, JsonTypeInfo<T> type) => Print(output => output.WriteLine(JsonSerializer.Serialize(document, type)));

    /// <summary>A table: drawn on a terminal that is wide enough, a paragraph a row on a narrow one, aligned columns without lines in a pipe.</summary>
    public void Table(TextTable table) => Print(output =>
    {
        if (!streams.OutputIsTerminal)
        {
            table.WritePlain(output);
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (table.DrawnWidth * ReadableShare > console.Profile.Width)
            table.WriteParagraphs(output);
        else
            console.Write(table.ToSpectre());
    });

    /// <summary>Tells a waiting person what goes on, once it has taken two seconds; nothing where nobody watches.</summary>
    public ProgressLine Progress(string stage) => new(streams.ErrorIsTerminal && !quiet ? streams.Error : null, stage);

    private void Print(Action<TextWriter> write)
    {
        try
        {
            write(streams.Output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"standard output cannot be written: {e.Message}", e);
        }
    }
}
