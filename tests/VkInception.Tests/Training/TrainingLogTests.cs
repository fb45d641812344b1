using System.Text.Json;
using NUnit.Framework;
using VkInception.Tests.Weights;
using VkInception.Training;

namespace VkInception.Tests.Training;

public class TrainingLogTests
{
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-log-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    private string LogPath => Path.Combine(folder, "log.jsonl");

    /// <summary>Two epochs of ten steps.</summary>
    private void WriteTwoEpochs()
    {
        using TrainingLog log = TrainingLog.Create(folder, Records.Run);
        Go(log, 1, 20);
    }

    private static void Go(TrainingLog log, int from, int to)
    {
        for (int step = from; step <= to; step++)
        {
            Assert.That(log.Append(Records.Step(step)).Saved);
            if (step % 10 == 0)
                Assert.That(log.Append(Records.Epoch(step / 10)).Saved);
        }
    }

    [Test]
    public void EachLineIsADocumentInCamelCase()
    {
        using TrainingLog log = TrainingLog.Create(folder, Records.Run);
        log.Append(Records.Step(1));
        log.Append(Records.Epoch(1));
        log.Append(new NoticeRecord(1, "line\nbreak"));
        log.Append(new StepRecord(2, 1, double.NaN, 0, 0, 0));

        // Read while the log is open: every line is out at once.
        JsonElement[] lines = [.. ReadShared().Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Multiple(() =>
        {
            Assert.That(lines.Select(l => l.GetProperty("kind").GetString()), Is.EqualTo(new[] { "run", "step", "epoch", "notice", "step" }));
            Assert.That(lines[0].GetProperty("commandLine").GetString(), Is.EqualTo("train --data data"));
            Assert.That(lines[1].GetProperty("headLosses").GetProperty("loss1").GetDouble(), Is.EqualTo(2.5));
            Assert.That(lines[1].GetProperty("gradientNorm").GetDouble(), Is.EqualTo(3.25));
            Assert.That(lines[1].GetProperty("time").GetDateTimeOffset(), Is.EqualTo(Records.Time.AddSeconds(1)));
            Assert.That(lines[2].GetProperty("top1").GetDouble(), Is.EqualTo(0.1 + 0.7), "every bit of a number");
            Assert.That(lines[4].GetProperty("loss").GetString(), Is.EqualTo("NaN"));
            Assert.That(lines[4].TryGetProperty("lossScale", out _), Is.False, "what was not measured is not there");
        });
    }

    [Test]
    public void AResumedLogReadsAsIfItHadNeverStopped([Values(0, 3, 10, 13, 20)] int step)
    {
        WriteTwoEpochs();
        byte[] whole = File.ReadAllBytes(LogPath);
        using (TrainingLog log = TrainingLog.Resume(folder, step, step / 10, Records.Run))
        {
            Assert.That(log.History.Steps.Select(s => s.Step), Is.EqualTo(Enumerable.Range(1, step)));
            Assert.That(log.History.Epochs.Select(e => e.Epoch), Is.EqualTo(Enumerable.Range(1, step / 10)));
            Assert.That(log.History.Run?.CommandLine, Is.EqualTo(Records.Run.CommandLine));
            Go(log, step + 1, 20);
            Assert.That(log.History.Steps, Has.Count.EqualTo(20));
        }
        Assert.That(File.ReadAllBytes(LogPath), Is.EqualTo(whole));
    }

    [Test]
    public void AnEpochThatIsYetToBeEvaluatedIsEvaluatedAgain()
    {
        WriteTwoEpochs();
        using TrainingLog log = TrainingLog.Resume(folder, 20, 1, Records.Run);

        Assert.That(log.History.Steps, Has.Count.EqualTo(20));
        Assert.That(log.History.Epochs, Has.Count.EqualTo(1));
    }

    [Test]
    public void EveryTruncationIsCutToWholeLines()
    {
        using (TrainingLog log = TrainingLog.Create(folder, Records.Run))
            Go(log, 1, 3);
        byte[] whole = File.ReadAllBytes(LogPath);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(LogPath, whole[..length]);
            using (TrainingLog log = TrainingLog.Resume(folder, 3, 0, Records.Run))
            {
                int lines = whole[..length].Count(b => b == '\n');
                Assert.That(log.History.Steps, Has.Count.EqualTo(Math.Max(0, lines - 1)));
                Go(log, log.History.Steps.Count + 1, 3);
            }
            Assert.That(File.ReadAllBytes(LogPath), Is.EqualTo(whole), $"cut to {length}");
        }
    }

    [Test]
    public void DamagedLinesAreLeftOutAndTheOthersStay()
    {
        WriteTwoEpochs();
        string[] lines = File.ReadAllLines(LogPath);
        lines[3] = "{\"kind\":\"step\",\"step\":";
        lines[5] = "{\"kind\":\"nonsense\"}";
        lines[6] = "{}";
        lines[7] = "\0\0\0";
        lines[8] = "";
        lines[9] = "{\"kind\":\"step\",\"step\":9}";
        lines[^1] = "null";
        File.WriteAllLines(LogPath, lines);

        using (TrainingLog log = TrainingLog.Resume(folder, 20, 2, Records.Run))
        {
            Assert.That(log.History.Steps.Select(s => s.Step), Is.EqualTo((long[])[1, 2, 4, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]));
            Assert.That(log.History.Epochs, Has.Count.EqualTo(1));
        }
        Assert.That(File.ReadAllLines(LogPath), Is.EqualTo((string[])[.. lines[..3], lines[4], .. lines[10..^1]]));
    }

    [Test]
    public void AnEndlessLineEndsTheLog()
    {
        WriteTwoEpochs();
        File.AppendAllText(LogPath, new string('x', LogReader.MaxLine + 100) + "\n" + "more\n");
        using TrainingLog log = TrainingLog.Resume(folder, 100, 9, Records.Run);

        Assert.That(log.History.Steps, Has.Count.EqualTo(20));
    }

    [Test]
    public void AMissingLogStartsWithItsRun()
    {
        using (TrainingLog log = TrainingLog.Resume(folder, 5, 0, Records.Run))
            log.Append(Records.Step(6));

        Assert.That(File.ReadAllLines(LogPath), Has.Length.EqualTo(2).And.Exactly(1).Contains("commandLine"));
    }

    [Test]
    public void ANewRunReplacesTheLogOfTheOld()
    {
        WriteTwoEpochs();
        TrainingLog.Create(folder, Records.Run).Dispose();

        Assert.That(File.ReadAllLines(LogPath), Has.Length.EqualTo(1));
    }

    [Test]
    public void AFullDiskIsToldAndTheLogGoesOnWhenThereIsRoom()
    {
        using TinyDisk disk = TinyDisk.Mount(folder, kilobytes: 16);
        string ballast = Path.Combine(disk.Path, "ballast");
        File.WriteAllBytes(ballast, new byte[8192]);
        using TrainingLog log = TrainingLog.Create(disk.Path, Records.Run);
        int step = 1;
        SaveResult result;
        while ((result = log.Append(Records.Step(step))).Saved && step < 1000)
            step++;
        Assert.That(result.Problem, Does.Contain("log.jsonl").And.Contain("No space left").And.Not.Contain("\n"));
        File.Delete(ballast);

        Assert.That(log.Append(Records.Step(step + 1)).Saved);
        string[] lines = [.. ReadShared(Path.Combine(disk.Path, "log.jsonl"))];
        Assert.That(lines, Has.Length.EqualTo(step + 1), "the run, every step but the one that found no room");
        Assert.That(lines, Is.All.StartsWith("{").And.All.EndsWith("}"));
    }

    [Test]
    public void AFolderInTheLogsPlaceIsOneLine()
    {
        Directory.CreateDirectory(LogPath);
        Assert.That(() => TrainingLog.Create(folder, Records.Run), Refuses.With(ErrorCode.InputOutput, "log.jsonl"));
    }

    private string[] ReadShared(string? path = null)
    {
        using var reader = new StreamReader(new FileStream(path ?? LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
