using System.Globalization;
using System.Security;
using System.Text;
using VkInception.Cli.Documents;

namespace VkInception.Cli.Tables;

/// <summary>Networks side by side as bars, an SVG: a row a network, a panel a figure, each panel with its own scale from zero.</summary>
internal static class CompareChart
{
    private const int NameWidth = 170, PanelWidth = 150, BarWidth = 92, Gap = 14, Row = 20, Bar = 12, Top = 64;

    /// <summary>The chart as one SVG document, light or dark as its reader prefers.</summary>
    public static string Draw(IReadOnlyList<CompareDocument> compared)
    {
        var panels = new List<Panel>
        {
            new("parameters", "millions", c => c.Parameters / 1e6, "0.00"),
            new("multiply-adds", "10⁹ an image", c => c.MultiplyAdds / 1e9, "0.00"),
            new("activations", "MiB an image", c => c.ActivationBytes / (double)(1 << 20), "0.0"),
            new("planned, inference", "MiB an image", c => c.ArenaBytes / (double)(1 << 20), "0.0"),
            new("planned, training", "MiB an image", c => c.TrainingArenaBytes / (double)(1 << 20), "0.0"),
        };
        if (compared.Any(c => c.Top1 is not null)) panels.Add(new("published top-1", "per cent, on its own data", c => c.Top1, "0.0"));
        if (compared.Any(c => c.MedianMs is not null)) panels.Add(new("measured", "ms an image", c => c.MedianMs, "0.0"));
        int width = NameWidth + (panels.Count * (PanelWidth + Gap)), height = Top + (compared.Count * Row) + 16;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="Networks compared" font-family="system-ui, sans-serif" font-size="12">
            <style>
            .paper {"{"} fill: #fff {"}"} .ink {"{"} fill: #1b1f24 {"}"} .quiet {"{"} fill: #57606a {"}"} .bar {"{"} fill: #2f6f9f {"}"} .band {"{"} fill: #f3f5f7 {"}"}
            @media (prefers-color-scheme: dark) {"{"} .paper {"{"} fill: #0f1419 {"}"} .ink {"{"} fill: #e6edf3 {"}"} .quiet {"{"} fill: #9aa7b2 {"}"} .bar {"{"} fill: #5fa8dc {"}"} .band {"{"} fill: #171d24 {"}"} {"}"}
            </style>
            <rect class="paper" width="{width}" height="{height}"/>

            """);
        for (int i = 0; i < compared.Count; i++)
        {
            int y = Top + (i * Row);
            if (i % 2 == 0) svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"band\" x=\"0\" y=\"{y}\" width=\"{width}\" height=\"{Row}\"/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"ink\" x=\"12\" y=\"{y + 14}\">{Escaped(compared[i].Model)}</text>\n");
        }
        for (int p = 0; p < panels.Count; p++)
            Draw(svg, panels[p], NameWidth + (p * (PanelWidth + Gap)), compared);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, Panel panel, int x, IReadOnlyList<CompareDocument> compared)
    {
        double largest = compared.Max(c => panel.Value(c) ?? 0);
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"ink\" x=\"{x}\" y=\"28\" font-weight=\"600\">{panel.Title}</text><text class=\"quiet\" x=\"{x}\" y=\"46\">{panel.Unit}</text>\n");
        for (int i = 0; i < compared.Count; i++)
        {
            int y = Top + (i * Row);
            if (panel.Value(compared[i]) is not { } value)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<text class=\"quiet\" x=\"{x}\" y=\"{y + 14}\">–</text>\n");
                continue;
            }
            double length = largest > 0 ? BarWidth * value / largest : 0;
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"bar\" x=\"{x}\" y=\"{y + ((Row - Bar) / 2)}\" width=\"{length:0.##}\" height=\"{Bar}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text class=\"quiet\" x=\"{x + length + 5:0.##}\" y=\"{y + 14}\">{value.ToString(panel.Format, CultureInfo.InvariantCulture)}</text>\n");
        }
    }

    private static string Escaped(string text) => SecurityElement.Escape(Printable.Of(text));

    private sealed record Panel(string Title, string Unit, Func<CompareDocument, double?> Value, string Format);
}
