using VkInception.Training;

namespace VkInception.Cli.Training;

/// <summary>Smooths what steps report, for a line that a person reads.</summary>
internal sealed class RateMeter
{
    private const double Memory = 0.95;

    private double weight;
    private double loss, accuracy, secondsPerImage, secondsPerStep;
    private long lastTick = System.Diagnostics.Stopwatch.GetTimestamp();

    public double Loss => loss / weight;

    public double Accuracy => accuracy / weight;

    public double ImagesPerSecond => weight / secondsPerImage;

    public void Add(StepRecord step)
    {
        weight = Memory * weight + 1;
        loss = Memory * loss + step.Loss;
        accuracy = Memory * accuracy + step.Accuracy;
        secondsPerImage = Memory * secondsPerImage + 1 / Math.Max(1e-9, step.ImagesPerSecond);
        secondsPerStep = Memory * secondsPerStep + System.Diagnostics.Stopwatch.GetElapsedTime(lastTick).TotalSeconds;
        lastTick = System.Diagnostics.Stopwatch.GetTimestamp();
    }

    public TimeSpan Left(long step, long total) => TimeSpan.FromSeconds((total - step) * secondsPerStep / weight);
}
