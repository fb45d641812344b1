using System.Globalization;
using VkInception.Cli.Documents;
using VkInception.Imaging.Datasets;
using VkInception.Training;

namespace VkInception.Cli.Evaluating;

/// <summary>What an evaluation found, as the GoogLeNet paper's table 3 shows it.</summary>
internal static class EvaluationReport
{
    private const int MostShown = 20;

    public static EvaluateDocument Describe(Ensemble ensemble, DeviceSession session, string precision, Dataset dataset, string[] files, EvaluationResult last, IReadOnlyList<EvaluationRowDocument> rows)
    {
        int classes = dataset.ClassNames.Count;
        return new EvaluateDocument(
            ensemble.Members[0].Name, session.Device.Info.Name, precision, dataset.Path, files, rows[^1].Crops, last.Images, last.Top1, last.Top5, last.Loss, rows[^1].ImagesPerSecond, dataset.ClassNames,
            [.. Enumerable.Range(0, last.Confusion.Length / classes).Select(label => (IReadOnlyList<int>)last.Confusion.AsSpan(label * classes, classes).ToArray())],
            [.. ensemble.Members.Select(m => m.Name)], rows);
    }

    public static void Print(Terminal terminal, EvaluateDocument done)
    {
        if (terminal.Json)
        {
            terminal.Document(done, JsonDocuments.Plain.EvaluateDocument);
            return;
        }

        terminal.Line($"{string.Join(" + ", done.Models)} on {done.Data}: {Counts.Of(done.Images, "image")}, {done.Device}");
        var table = new TextTable(">networks", ">crops", ">cost", ">ms/image", ">images/s", ">loss", ">top-1", ">top-5", ">top-5 error", ">to the first");
        foreach (EvaluationRowDocument row in done.Table)
        {
            string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
            double error = 1 - row.Top5, change = done.Table[0].Top5 - row.Top5;
            table.Add(
                Number($"{row.Models}"), row.Crops == 0 ? "dense" : Number($"{row.Crops}"), row.Crops == 0 ? "" : Number($"{row.Cost}"), Number($"{row.MillisecondsPerImage:F1}"), Number($"{row.ImagesPerSecond:F2}"),
                Number($"{row.Loss:F4}"), Number($"{row.Top1:P2}"), Number($"{row.Top5:P2}"), Number($"{error:P2}"), row == done.Table[0] ? "base" : Number($"{change:+0.00 %;-0.00 %;0.00 %}"));
        }

        terminal.Table(table);
        if (done.Classes.Count > MostShown)
            return;
        var confusion = new TextTable(["label", .. done.Classes.Select(c => c), "right"]);
        for (int label = 0; label < done.Classes.Count; label++)
            confusion.Add([done.Classes[label], .. done.Confusion[label].Select(n => Counts.Grouped(n)), Share(done.Confusion[label][label], done.Confusion[label].Sum())]);
        terminal.Table(confusion);
    }

    private static string Share(int right, int all) => all == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{(double)right / all:P1}");
}
