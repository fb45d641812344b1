using System.Globalization;
using System.Text;

namespace VkInception.Training;

/// <summary>A run's <c>report.html</c>: one file that needs no other, no script and no network, light or dark as the reader's system is.</summary>
public static class TrainingReport
{
    /// <summary>Name of the report in the run's folder.</summary>
    public const string FileName = "report.html";

    /// <summary>Writes the report in place of the last one.</summary>
    /// <returns>The file, or why it could not be written; the last report is intact then.</returns>
    public static SaveResult Write(string folder, ReportContent content)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(Render(content)));
            return new SaveResult(path, null);
        }
        catch (VkInceptionException e) when (e.Code == ErrorCode.InputOutput)
        {
            return new SaveResult(null, e.Message);
        }
    }

    /// <summary>The page.</summary>
    public static string Render(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var html = new HtmlWriter();
        RunRecord? run = content.History.Run;
        // The policy holds even if something slipped through: nothing is fetched, nothing runs.
        html.Raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>")
            .Text($"{run?.Model ?? "Training run"}: training report").Raw("</title>\n<style>").Raw(ReportStyle.Sheet).Raw("</style></head>\n<body><main>\n");
        WriteHeadline(html, content);
        WriteCharts(html, content.History);
        new EvaluationSections(html, content).Write();
        WriteEpochs(html, content.History.Epochs);
        WriteNotices(html, content.History.Notices);
        html.Raw("<footer>Written by VkInception.</footer>\n</main></body></html>\n");
        return html.ToString();
    }

    private static void WriteHeadline(HtmlWriter html, ReportContent content)
    {
        RunHistory history = content.History;
        html.Raw("<header><h1>").Name(history.Run?.Model ?? "Training run").Raw("</h1>");
        string[] state = [.. new[] { Progress(content), content.Status }.OfType<string>()];
        if (state.Length > 0)
            html.Raw("<p class=\"soft\">").Text(string.Join(" · ", state)).Raw("</p>");
        html.Raw("</header>\n<div class=\"tiles\">");
        EpochRecord? best = history.Best, last = history.Epochs is [.., var newest] ? newest : null;
        if (best?.Top1 is { } top1)
            Tile(html, $"{Share(top1)}", $"best top-1, epoch {best.Epoch}");
        if (best?.Top5 is { } top5)
            Tile(html, $"{Share(top5)}", $"top-5 of that epoch");
        if (last is not null)
            Tile(html, $"{last.TrainLoss:0.####}", $"training loss, epoch {last.Epoch}");
        if (last?.EvaluationLoss is { } loss)
            Tile(html, $"{loss:0.####}", $"evaluation loss, epoch {last.Epoch}");
        if (last is not null)
        {
            Tile(html, $"{Duration(history.Epochs.Sum(e => e.Seconds))}", $"for {history.Epochs.Count} {(history.Epochs.Count == 1 ? "epoch" : "epochs")}");
            Tile(html, $"{last.ImagesPerSecond:#,0.#}", $"images per second{(last.WaitShare is { } wait ? $", {Share(wait)} waiting" : "")}");
        }
        html.Raw("</div>\n");
        if (history.Run is { } run)
            WriteRun(html, run);
    }

    private static string? Progress(ReportContent content)
    {
        int done = content.History.Epochs.Count > 0 ? content.History.Epochs[^1].Epoch : 0;
        return (done, content.PlannedEpochs) switch
        {
            (_, { } planned) => $"{done} of {planned} epochs",
            (1, _) => "1 epoch",
            ( > 1, _) => $"{done} epochs",
            _ => null,
        };
    }

    private static void WriteRun(HtmlWriter html, RunRecord run)
    {
        html.Raw("<div class=\"card\"><dl>");
        Entry("Data", run.Data);
        Entry("Images", string.Create(CultureInfo.InvariantCulture, $"{run.TrainImages:N0} to train on, {run.EvaluationImages:N0} to evaluate on"));
        Entry("Classes", run.Classes.Count switch
        {
            > 20 => string.Create(CultureInfo.InvariantCulture, $"{run.Classes.Count:N0}"),
            _ => $"{run.Classes.Count}: {string.Join(", ", run.Classes)}",
        });
        Entry("Device", run.Device);
        Entry("Driver", run.Driver);
        Entry("Seed", run.Seed.ToString(CultureInfo.InvariantCulture));
        Entry("Started", run.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        html.Raw("<dt>Command</dt><dd><code>").Text(run.CommandLine).Raw("</code></dd>");
        if (run.Options.Count > 0)
            Entry("Options", string.Join(", ", run.Options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key} {o.Value}")));
        html.Raw("</dl></div>\n");

        void Entry(string name, string value) => html.Raw("<dt>").Text(name).Raw("</dt><dd>").Name(value).Raw("</dd>");
    }

    private static void WriteCharts(HtmlWriter html, RunHistory history)
    {
        if (history.Steps.Count + history.Epochs.Count == 0)
        {
            html.Raw("<p class=\"soft\">The first step is yet to be done.</p>\n");
            return;
        }
        html.Raw("<h2>Curves</h2>\n<div class=\"grid2\">");
        foreach (Chart chart in new RunCurves(history).Charts())
            chart.Write(html);
        html.Raw("</div>\n");
    }

    private static void WriteEpochs(HtmlWriter html, IReadOnlyList<EpochRecord> epochs)
    {
        if (epochs.Count == 0)
            return;
        html.Raw("<h2>Epochs</h2>\n<details class=\"card\"><summary>Every epoch in numbers</summary><div class=\"scroll\"><table class=\"list\"><thead><tr>");
        foreach (string head in (ReadOnlySpan<string>)["Epoch", "Step", "Training loss", "Training accuracy", "Evaluation loss", "Top-1", "Top-5", "Learning rate", "Images/s", "Time"])
            html.Raw("<th class=\"n\">").Text(head).Raw("</th>");
        html.Raw("</tr></thead><tbody>\n");
        foreach (EpochRecord e in epochs)
        {
            html.Raw("<tr>");
            foreach (FormattableString cell in (ReadOnlySpan<FormattableString>)
                [
                    $"{e.Epoch}", $"{e.Step:N0}", $"{e.TrainLoss:0.0000}", $"{Share(e.TrainAccuracy)}", $"{e.EvaluationLoss:0.0000}", $"{Share(e.Top1)}",
                    $"{Share(e.Top5)}", $"{e.LearningRate:G4}", $"{e.ImagesPerSecond:#,0.#}", $"{Duration(e.Seconds)}",
                ])
                html.Raw("<td class=\"n\">").Text(cell.ToString(CultureInfo.InvariantCulture)).Raw("</td>");
            html.Raw("</tr>\n");
        }
        html.Raw("</tbody></table></div></details>\n");
    }

    private static void WriteNotices(HtmlWriter html, IReadOnlyList<NoticeRecord> notices)
    {
        if (notices.Count == 0)
            return;
        html.Raw("<h2>Notices</h2>\n<div class=\"card\"><table class=\"list\"><tbody>");
        foreach (NoticeRecord notice in notices.TakeLast(200))
            html.Markup($"<tr><td class=\"n soft\">step {notice.Step}</td><td>").Name(notice.Text).Raw("</td></tr>\n");
        html.Raw("</tbody></table></div>\n");
    }

    private static void Tile(HtmlWriter html, FormattableString value, FormattableString label) =>
        html.Raw("<div class=\"card tile\"><b>").Text(value.ToString(CultureInfo.InvariantCulture)).Raw("</b><span>").Text(label.ToString(CultureInfo.InvariantCulture)).Raw("</span></div>");

    /// <summary>A share in percent; nothing where there is none.</summary>
    internal static string Share(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.0#}\u00a0%") : "";

    private static string Duration(double seconds)
    {
        // A clock that was set back, or a number from a damaged log.
        if (!(seconds is >= 0 and < 1e9))
            return "?";
        var time = TimeSpan.FromSeconds(Math.Round(seconds, seconds < 10 ? 1 : 0));
        return FormattableString.Invariant(time.TotalSeconds switch
        {
            < 60 => $"{time.TotalSeconds:0.#} s",
            < 3600 => $"{time.Minutes} min {time.Seconds} s",
            < 86400 => $"{time.Hours} h {time.Minutes} min",
            _ => (FormattableString)$"{time.Days} d {time.Hours} h",
        });
    }
}
