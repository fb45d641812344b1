using System.Text;
using VkInception.Fuzz.Mutations;
using VkInception.Training;

namespace VkInception.Fuzz.Readers;

/// <summary><see cref="TrainingLog.Resume"/>: the log that a resumed run cuts and goes on with, and the report that is drawn from it.</summary>
internal sealed class LogReader() : Reader("log")
{
    private static readonly RunRecord run = new("tiny", "data", ["a", "b"], 10, 5, "device", "driver", "train", 7) { Options = new Dictionary<string, string> { ["batch"] = "4" } };

    public override IReadOnlyList<byte[]> Seeds => field ??= [Written()];

    public override IReadOnlyList<Mutation> Grammar { get; } =
    [
        new TextMutation("\"kind\"", "\"run\"", "\"step\"", "\"epoch\"", "\"notice\"", "\"loss\"", "\"NaN\"", "\"Infinity\"", "[null]", "{\"a\":null}", "\"top1\"", "\"headLosses\":{\"a\":1}", "\"time\"", "\"2026-01-01T00:00:00Z\"", "\"text\"", "9999999999", "1e308"),
    ];

    public override string Read(byte[] input)
    {
        string folder = Scratch.Folder("log");
        Scratch.Write($"log/{TrainingLog.FileName}", input);
        using TrainingLog log = TrainingLog.Resume(folder, 8, 2, run);
        log.Append(new NoticeRecord(8, "resumed"));
        string page = TrainingReport.Render(new ReportContent(log.History) { PlannedEpochs = 3 });
        RunHistory history = log.History;
        return $"steps {Math.Min(history.Steps.Count, 5)} epochs {Math.Min(history.Epochs.Count, 4)} notices {Math.Min(history.Notices.Count, 4)} page {(page.Length > 100_000 ? "long" : "short")}";
    }

    private static byte[] Written()
    {
        string folder = Scratch.Folder("seed-log");
        using (TrainingLog log = TrainingLog.Create(folder, run))
        {
            for (int step = 1; step <= 8; step++)
            {
                log.Append(new StepRecord(step, 1 + step / 5, 1.0 / step, 0.5, 0.01, 100, new Dictionary<string, double> { ["main"] = 1 }, 2, 65536, 0.1));
                if (step % 4 == 0) log.Append(new EpochRecord(step / 4, step, 1, 0.5, 0.01, 100, 3, 1, 0.5, 0.9, 0.1, true));
            }
            log.Append(new NoticeRecord(8, "a notice"));
        }
        return Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(folder, TrainingLog.FileName)));
    }
}
