using System.Globalization;
using VkInception.Training;

namespace VkInception.Cli.Training;

/// <summary>Shows how a run goes: a line that follows the steps, and one that stays for every epoch.</summary>
internal sealed class TrainingDisplay(Terminal terminal) : ITrainingObserver, IDisposable
{
    private const int BarWidth = 20;

    private ProgressLine? line;
    private RateMeter rate = new();
    private int epochs;

    /// <inheritdoc/>
    public void Started(RunRecord run, long step, long totalSteps)
    {
        string start = step == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", going on from step {step}");
        terminal.Remark(string.Create(CultureInfo.InvariantCulture,
            $"{run.Model} on {run.Data}: {Counts.Of(run.TrainImages, "image")} of {Counts.Of(run.Classes.Count, "class", "classes")}, {totalSteps} steps on {run.Device}{start}"));
        // A run whose device was lost begins once more.
        line?.Dispose();
        line = terminal.Progress("first step");
        rate = new RateMeter();
    }

    /// <inheritdoc/>
    public void StepDone(StepRecord step, long totalSteps)
    {
        rate.Add(step);
        int filled = (int)(BarWidth * step.Step / Math.Max(1, totalSteps));
        string bar = new string('█', filled) + new string('░', BarWidth - filled);
        TimeSpan left = rate.Left(step.Step, totalSteps);
        line?.Now(string.Create(CultureInfo.InvariantCulture,
            $"{bar} epoch {step.Epoch} step {step.Step}/{totalSteps} loss {rate.Loss:F3} accuracy {rate.Accuracy:P0} {rate.ImagesPerSecond:F1} images/s, {Words(left)} left"));
    }

    /// <inheritdoc/>
    public void Evaluating(int done, int total) => line?.Now(string.Create(CultureInfo.InvariantCulture, $"evaluating {done}/{total}"));

    /// <inheritdoc/>
    public void EpochDone(EpochRecord epoch)
    {
        line?.Dispose();
        string evaluated = epoch.Top1 is { } top1
            ? string.Create(CultureInfo.InvariantCulture, $"; evaluation loss {epoch.EvaluationLoss:F4}, accuracy {top1:P2}{(epoch.Top5 is { } top5 ? $", top five {top5:P2}" : "")}{(epoch.IsBest ? ", the best so far" : "")}")
            : "";
        terminal.Remark(string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch}: loss {epoch.TrainLoss:F4}, accuracy {epoch.TrainAccuracy:P2}{evaluated}; {epoch.ImagesPerSecond:F1} images/s, the device waited {epoch.WaitShare ?? 0:P1} of the time"));
        epochs = epoch.Epoch;
        line = terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"epoch {epochs + 1}"));
    }

    /// <inheritdoc/>
    public void Notice(string text) => terminal.Warn(text);

    /// <inheritdoc/>
    public void Dispose() => line?.Dispose();

    private static string Words(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s");
}
