using System.Globalization;
using System.Text;

namespace VkInception.Benchmarks.Suite;

/// <summary>The suite's result as one page that needs nothing from elsewhere; it follows the reader's light or dark theme.</summary>
internal static class SuitePage
{
    private const string Style = """
        :root { color-scheme: light dark; --page: #f7f8fa; --card: #fff; --ink: #1c2430; --faint: #677284; --line: #dfe3ea; --ours: #2563c9; --other: #a4adbb; }
        @media (prefers-color-scheme: dark) { :root { --page: #11151b; --card: #1a2029; --ink: #e4e8ee; --faint: #93a0b3; --line: #2c3440; --ours: #6aa2ff; --other: #566173; } }
        * { box-sizing: border-box; }
        body { margin: 0; padding: 2rem 1rem 3rem; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 72rem; margin: auto; }
        h1 { font-size: 1.5rem; margin: 0 0 .3rem; }
        h2 { font-size: 1.1rem; margin: 0 0 .8rem; }
        p { color: var(--faint); margin: 0 0 1rem; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.2rem 1.4rem; margin-top: 1.2rem; overflow-x: auto; }
        svg { display: block; width: 100%; max-width: 60rem; height: auto; }
        svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
        svg .faint { fill: var(--faint); }
        table { border-collapse: collapse; width: 100%; margin-top: 1.2rem; font-variant-numeric: tabular-nums; font-size: 13.5px; }
        th { text-align: right; color: var(--faint); font-weight: 500; vertical-align: bottom; }
        td, th { padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
        td { text-align: right; white-space: nowrap; }
        td:first-child, th:first-child, .layers td:nth-child(2), .layers th:nth-child(2), td.why { text-align: left; }
        td.why { color: var(--faint); white-space: normal; }
        details summary { cursor: pointer; color: var(--faint); margin-top: 1rem; }
        """;

    public static string Of(SuiteResult result)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.Append("<title>").Append(Svg.Escape(result.Model)).Append(" on ").Append(Svg.Escape(result.Device)).Append("</title><style>").Append(Style).Append("</style><main><h1>");
        page.Append(Svg.Escape(result.Model)).Append(" on ").Append(Svg.Escape(result.Device)).Append("</h1><p>").Append(Svg.Escape(SuiteMarkdown.Summary(result))).Append("</p>");
        foreach (string group in Groups.All)
            Group(page, group, [.. result.Rows.Where(r => r.Group == group)], result.Peaks);
        foreach (LayerTable table in result.Layers)
            Layers(page, table, result.Peaks);
        return page.Append("</main></html>\n").ToString();
    }

    private static void Group(StringBuilder page, string group, SuiteRow[] rows, Peaks peaks)
    {
        if (rows.Length == 0) return;
        page.Append("<section><h2>").Append(group).Append("</h2><p>Images per second, longer is better.</p>");
        SuiteRow[] found = [.. rows.Where(r => r.Missing is null)];
        if (found.Length > 0)
            page.Append(Svg.Bars(group, [.. found.Select(r => (r.Label, r.ImagesPerSecond, string.Create(CultureInfo.InvariantCulture, $"{r.ImagesPerSecond:F1}/s, {r.MedianMs:F1} ms"), true))]));
        page.Append("<table>");
        Heads(page, SuiteMarkdown.RowHeads);
        foreach (SuiteRow row in rows)
        {
            page.Append("<tr><td>").Append(Svg.Escape(row.Label)).Append("</td>");
            if (row.Missing is { } why) page.Append("<td class=\"why\" colspan=\"").Append(SuiteMarkdown.RowHeads.Length).Append("\">missing: ").Append(Svg.Escape(why)).Append("</td>");
            else Cells(page, SuiteMarkdown.Cells(row, peaks));
            page.Append("</tr>");
        }
        page.Append("</table></section>");
    }

    private static void Layers(StringBuilder page, LayerTable table, Peaks peaks)
    {
        page.Append("<section><h2>Layers at batch ").Append(table.Batch).Append("</h2><p>What each layer achieves under the measured roof.</p>");
        if (Array.Exists(table.Layers, l => l.MultiplyAdds > 0)) page.Append(Svg.Roof("roofline", table.Layers, peaks));
        page.Append("<p>Milliseconds on the device by kernel, and the share of what binds it.</p>");
        page.Append(Svg.Bars("kernels", [.. table.Kernels.Select(k => (k.Kernels, k.Milliseconds, string.Create(CultureInfo.InvariantCulture, $"{k.Milliseconds:F2} ms, {k.RooflineShare(peaks.Gflops, peaks.GigabytesPerSecond) * 100:F0} %"), k.MultiplyAdds > 0))]));
        page.Append("<details open><summary>All layers</summary><table class=\"layers\">");
        Heads(page, SuiteMarkdown.LayerHeads);
        foreach (LayerTime layer in table.Layers)
        {
            page.Append("<tr><td>").Append(Svg.Escape(layer.Layer)).Append("</td>");
            Cells(page, SuiteMarkdown.Cells(layer, peaks));
            page.Append("</tr>");
        }
        page.Append("</table></details></section>");
    }

    private static void Heads(StringBuilder page, string[] heads)
    {
        page.Append("<tr><th></th>");
        foreach (string head in heads) page.Append("<th>").Append(head).Append("</th>");
        page.Append("</tr>");
    }

    private static void Cells(StringBuilder page, string[] cells)
    {
        foreach (string cell in cells) page.Append("<td>").Append(Svg.Escape(cell)).Append("</td>");
    }
}
