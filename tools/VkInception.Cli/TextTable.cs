using Spectre.Console;

namespace VkInception.Cli;

/// <summary>Rows of text under headings; a heading that starts with '&gt;' aligns its column to the right.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> rows = [];

    /// <summary>Adds a row of as many cells as there are headings.</summary>
    public void Add(params string[] cells) => rows.Add(cells);

    /// <summary>Aligned columns, two blanks between them, no lines.</summary>
    public void WritePlain(TextWriter writer)
    {
        string[] titles = [.. headings.Select(Title)];
        int[] widths = [.. Enumerable.Range(0, titles.Length).Select(c => Math.Max(titles[c].Length, rows.Select(r => r[c].Length).DefaultIfEmpty().Max()))];
        foreach (string[] row in rows.Prepend(titles))
        {
            IEnumerable<string> cells = row.Select((cell, c) => IsRight(headings[c]) ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]));
            writer.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    /// <summary>The same for a terminal.</summary>
    public Table ToSpectre()
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string heading in headings)
        {
            var column = new TableColumn(Markup.Escape(Title(heading)));
            table.AddColumn(IsRight(heading) ? column.RightAligned() : column);
        }

        foreach (string[] row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        return table;
    }

    private static bool IsRight(string heading) => heading.StartsWith('>');

    private static string Title(string heading) => heading.TrimStart('>');
}
