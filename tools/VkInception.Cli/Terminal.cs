using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace VkInception.Cli;

/// <summary>Says things: results on standard output, remarks and progress on standard error.</summary>
internal sealed class Terminal(OutputStreams streams, bool json, bool quiet)
{
    /// <summary>Whether the result is one JSON document; nothing else goes to standard output then.</summary>
    public bool Json => json;

    /// <summary>A line of the result.</summary>
    public void Line(string text = "") => streams.Output.WriteLine(text);

    /// <summary>A remark on the way; silent under <c>--quiet</c>.</summary>
    public void Remark(string text)
    {
        if (!quiet)
            streams.Error.WriteLine(text);
    }

    /// <summary>What a person must see though the command goes on.</summary>
    public void Warn(string text) => streams.Error.WriteLine($"vkinception: {text}");

    /// <summary>The JSON document, written whole or not at all.</summary>
    public void Document<T>(T document, JsonTypeInfo<T> type) => streams.Output.WriteLine(JsonSerializer.Serialize(document, type));

    /// <summary>A table: drawn on a terminal, aligned columns without lines in a pipe.</summary>
    public void Table(TextTable table)
    {
        if (streams.OutputIsTerminal)
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(streams.Output) }).Write(table.ToSpectre());
        else
            table.WritePlain(streams.Output);
    }

    /// <summary>Tells a waiting person what goes on, once it has taken two seconds; nothing where nobody watches.</summary>
    public ProgressLine Progress(string stage) => new(streams.ErrorIsTerminal && !quiet ? streams.Error : null, stage);
}
