using VkInception.Training;

namespace VkInception.Tests.Training;

/// <summary>Lines of a made-up run.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Time = new(2025, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    public static RunRecord Run { get; } = new("googlenet", "data", ["cat", "dog"], 100, 20, "llvmpipe", "Mesa 25", "train --data data", 7) { Time = Time };

    public static StepRecord Step(long step) =>
        new(step, (int)((step - 1) / 10) + 1, 1.0 / step, 0.5, 0.01, 123.4, new Dictionary<string, double> { ["loss1"] = 2.5 }, 3.25, 1024, 0.125) { Time = Time.AddSeconds(step) };

    public static EpochRecord Epoch(int epoch) =>
        new(epoch, epoch * 10, 0.3, 0.9, 0.01, 120, 60, 0.4, 0.1 + 0.7, 1, 0.1, epoch == 1) { Time = Time.AddMinutes(epoch) };
}
