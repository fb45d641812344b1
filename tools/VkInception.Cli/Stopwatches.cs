using System.Diagnostics;

namespace VkInception.Cli;

/// <summary>Times of something run again and again.</summary>
internal static class Stopwatches
{
    private const int WarmUps = 2;
    private const int MostRuns = 200;

    /// <summary>Milliseconds of every run after the warm-up, sorted.</summary>
    public static async Task<double[]> MeasureAsync(BenchedWork work, int leastRuns, TimeSpan leastTime, CancellationToken cancellation)
    {
        for (int i = 0; i < WarmUps; i++)
            await work.RunAsync(cancellation);
        var times = new List<double>();
        long begin = Stopwatch.GetTimestamp();
        while (times.Count < leastRuns || (times.Count < MostRuns && Stopwatch.GetElapsedTime(begin) < leastTime))
        {
            long start = Stopwatch.GetTimestamp();
            await work.RunAsync(cancellation);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return [.. times];
    }

    /// <summary>The middle of sorted times.</summary>
    public static double Median(double[] times) => (times[times.Length / 2] + times[(times.Length - 1) / 2]) / 2;
}
