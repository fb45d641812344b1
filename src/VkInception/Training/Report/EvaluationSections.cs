using System.Globalization;

namespace VkInception.Training;

/// <summary>The report's part on what the network gets right and wrong: confusions, classes, filters, mistakes.</summary>
internal sealed class EvaluationSections(HtmlWriter html, ReportContent content)
{
    /// <summary>Above so many classes the matrix gives way to a table of its largest entries.</summary>
    public const int MostMatrixClasses = 20;

    private const int MostConfusions = 25;
    private const int MostListedClasses = 40;
    private const int WorstListed = 20;
    private const int MostMistakes = 60;

    /// <summary>Writes the sections that there is something for.</summary>
    public void Write()
    {
        if (content.Confusion is { } confusion && Enumerable.Range(0, confusion.Classes).Any(c => confusion.CountOf(c) > 0))
        {
            if (confusion.Classes <= MostMatrixClasses)
                WriteMatrix(confusion);
            else
                WriteTopConfusions(confusion);
            WriteClasses(confusion);
        }
        WriteFilters();
        WriteMistakes();
    }

    private string ClassName(int index) =>
        content.History.Run?.Classes is { } names && (uint)index < (uint)names.Count ? names[index] : index.ToString(CultureInfo.InvariantCulture);

    private void WriteMatrix(ConfusionMatrix confusion)
    {
        html.Raw("<h2>Confusion matrix</h2>\n<div class=\"card\"><p class=\"soft\">Rows are the true classes, columns the predictions; the last evaluation's images, shaded by their share of the row.</p>")
            .Markup($"<div class=\"scroll\"><table class=\"confusion\" style=\"max-width:{150 + (72 * confusion.Classes)}px\">").Raw("<thead><tr><th></th>");
        for (int predicted = 0; predicted < confusion.Classes; predicted++)
            html.Raw("<th scope=\"col\" title=\"").Text(ClassName(predicted)).Raw("\">").Name(ClassName(predicted)).Raw("</th>");
        html.Raw("</tr></thead><tbody>\n");
        for (int label = 0; label < confusion.Classes; label++)
        {
            long total = Math.Max(1, confusion.CountOf(label));
            html.Raw("<tr><th scope=\"row\" title=\"").Text(ClassName(label)).Raw("\">").Name(ClassName(label)).Raw("</th>");
            for (int predicted = 0; predicted < confusion.Classes; predicted++)
            {
                int count = confusion[label, predicted];
                double share = (double)count / total;
                string style = (count == 0 ? "none " : share > 0.5 ? "hot " : "") + (label == predicted ? "right" : "");
                html.Markup($"<td class=\"{style}\" style=\"--a:{Shade(share):0.###}\">{count}</td>");
            }
            html.Raw("</tr>\n");
        }
        html.Raw("</tbody></table></div></div>\n");
    }

    // Rare confusions are what a reader looks for: the root lifts them, and keeps the text in between readable.
    private static double Shade(double share) => share == 0 ? 0 : share > 0.5 ? 0.8 + (0.2 * share) : 0.06 + (0.5 * Math.Sqrt(share));

    private void WriteTopConfusions(ConfusionMatrix confusion)
    {
        IReadOnlyList<(int Label, int Predicted, int Count)> pairs = confusion.TopConfusions(MostConfusions);
        if (pairs.Count == 0)
            return;
        html.Raw("<h2>Most frequent confusions</h2>\n<div class=\"card scroll\"><table class=\"list\"><thead><tr><th>True class</th><th>Taken for</th><th class=\"n\">Images</th><th class=\"n\">Of the class</th></tr></thead><tbody>\n");
        foreach ((int label, int predicted, int count) in pairs)
        {
            html.Raw("<tr><td>").Name(ClassName(label)).Raw("</td><td>").Name(ClassName(predicted)).Markup($"</td><td class=\"n\">{count}</td><td class=\"n\">")
                .Text(TrainingReport.Share((double)count / confusion.CountOf(label))).Raw("</td></tr>\n");
        }
        html.Raw("</tbody></table></div>\n");
    }

    private void WriteClasses(ConfusionMatrix confusion)
    {
        (int Class, double Accuracy, long Count)[] classes =
        [
            .. Enumerable.Range(0, confusion.Classes)
                .Where(c => confusion.CountOf(c) > 0)
                .Select(c => (c, confusion.AccuracyOf(c)!.Value, confusion.CountOf(c)))
                .OrderBy(c => c.Item2),
        ];
        bool all = classes.Length <= MostListedClasses;
        html.Raw("<h2>Accuracy by class</h2>\n<div class=\"card\">");
        if (!all)
            html.Markup($"<p class=\"soft\">The {WorstListed} hardest of {classes.Length} classes.</p>");
        WriteClassTable(all ? classes : classes[..WorstListed]);
        if (!all)
        {
            html.Raw("<details><summary>All classes, hardest first</summary>");
            WriteClassTable(classes);
            html.Raw("</details>");
        }
        html.Raw("</div>\n");
    }

    private void WriteClassTable(IEnumerable<(int Class, double Accuracy, long Count)> classes)
    {
        html.Raw("<table class=\"list\"><thead><tr><th>Class</th><th></th><th class=\"n\">Accuracy</th><th class=\"n\">Images</th></tr></thead><tbody>\n");
        foreach ((int index, double accuracy, long count) in classes)
        {
            html.Raw("<tr><td>").Name(ClassName(index)).Markup($"</td><td class=\"wide\"><span class=\"bar\"><i style=\"width:{100 * accuracy:0.#}%\"></i></span></td><td class=\"n\">")
                .Text(TrainingReport.Share(accuracy)).Markup($"</td><td class=\"n\">{count:N0}</td></tr>\n");
        }
        html.Raw("</tbody></table>");
    }

    private void WriteFilters()
    {
        if (content.Filters is null)
            return;
        html.Raw("<h2>First layer’s filters</h2>\n<div class=\"card\"><p class=\"soft\">");
        if (content.FilterLayer is { } layer)
            html.Name(layer).Raw("; ");
        html.Raw("each stretched to its own range.</p>").Image(content.Filters, "The filters of the first layer, side by side", "filters").Raw("</div>\n");
    }

    private void WriteMistakes()
    {
        if (content.Mistakes.Count == 0)
            return;
        html.Raw("<h2>Worst mistakes</h2>\n<p class=\"soft\">Wrong predictions that the network was surest of, in the last evaluation.</p>\n<div class=\"mistakes\">");
        foreach (Mistake mistake in content.Mistakes.Take(MostMistakes))
        {
            html.Raw("<figure class=\"card\">");
            if (mistake.Image is null)
                html.Raw("<div class=\"thumb\"></div>");
            else
                html.Image(mistake.Image, $"{ClassName(mistake.Label)}, taken for {ClassName(mistake.Predicted)}", "thumb");
            html.Raw("<figcaption><div>is <b>").Name(ClassName(mistake.Label)).Raw("</b></div><div>taken for <b>").Name(ClassName(mistake.Predicted)).Raw("</b>, ")
                .Text(TrainingReport.Share(mistake.Probability)).Raw("</div><div class=\"file\" title=\"").Text(mistake.File).Raw("\">").Name(Path.GetFileName(mistake.File)).Raw("</div></figcaption></figure>\n");
        }
        html.Raw("</div>\n");
    }
}
