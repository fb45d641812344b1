using System.Diagnostics;

namespace VkInception.Training;

/// <summary>Times the steps of an epoch, and how much of that the device waited for images.</summary>
internal sealed class StepClock(IBatchStream batches)
{
    private long lapStart = Stopwatch.GetTimestamp();
    private TimeSpan waitedBefore = batches.Waited;
    private double seconds, waited, lastLap;

    /// <summary>Share of the time so far in which the device waited for images.</summary>
    public double WaitShare => seconds > 0 ? waited / seconds : 0;

    /// <summary>Ends a step's lap.</summary>
    public (double Seconds, double Waited) Lap()
    {
        long now = Stopwatch.GetTimestamp();
        lastLap = Stopwatch.GetElapsedTime(lapStart, now).TotalSeconds;
        double wait = Math.Min(lastLap, (batches.Waited - waitedBefore).TotalSeconds);
        (lapStart, waitedBefore) = (now, batches.Waited);
        seconds += lastLap;
        waited += wait;
        return (lastLap, wait);
    }

    /// <summary>Images per second of the last lap.</summary>
    public double ImagesPerSecond(int images) => images / Math.Max(1e-9, lastLap);
}
