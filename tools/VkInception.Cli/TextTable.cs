using Spectre.Console;

namespace VkInception.Cli;

/// <summary>Rows of text under headings; a heading that starts with '&gt;' aligns its column to the right.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> rows = [];

    /// <summary>Adds a row of as many cells as there are headings.</summary>
    public void Add(params string[] cells) => rows.Add([.. cells.Select(Printable.Of)]);

    /// <summary>Aligned columns, two blanks between them, no lines.</summary>
    public void WritePlain(TextWriter writer)
    {
        int[] widths = Widths();
        foreach (string[] row in rows.Prepend([.. headings.Select(Title)]))
        {
            IEnumerable<string> cells = row.Select((cell, c) => IsRight(headings[c]) ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]));
            writer.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    /// <summary>What the first cell says, and the others below it under their headings; for terminals too narrow for columns.</summary>
    public void WriteParagraphs(TextWriter writer)
    {
        foreach (string[] row in rows)
        {
            writer.WriteLine(row[0]);
            for (int c = 1; c < row.Length; c++)
            {
                if (row[c].Length > 0)
                    writer.WriteLine($"  {Title(headings[c])}: {row[c]}");
            }
        }
    }

    /// <summary>Columns of a terminal that the drawn table takes when no cell is wrapped.</summary>
    public int DrawnWidth => Widths().Sum(w => w + 3) + 1;

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

    private int[] Widths() =>
        [.. headings.Select((heading, c) => Math.Max(Title(heading).Length, rows.Select(r => r[c].Length).DefaultIfEmpty().Max()))];

    private static bool IsRight(string heading) => heading.StartsWith('>');

    private static string Title(string heading) => heading.TrimStart('>');
}
