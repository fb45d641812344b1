using VkInception.Graph;
using VkInception.Vulkan;

namespace VkInception;

/// <summary>Measures what the device can do at most: fused multiply-adds in registers.</summary>
public static class FmaPeak
{
    private const int PerStep = 32;
    private const int Steps = 4096;
    private const uint LocalSize = 64;
    private const double TargetMilliseconds = 20;
    private const int Repeats = 5;

    /// <summary>The fp32 peak in GFLOP/s (a multiply-add is two operations), the best of several runs.</summary>
    /// <exception cref="VkInceptionException">Vulkan's errors.</exception>
    public static double Measure(GpuDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        uint local = Math.Min(LocalSize, device.Info.MaxWorkgroupInvocations);
        uint groups = 64;
        while (true)
        {
            double milliseconds = Time(device, groups, local);
            double rate = 2.0 * PerStep * Steps * groups * local / milliseconds * 1e-6;
            if (milliseconds >= TargetMilliseconds || groups >= 32768) return rate;
            groups *= 2;
        }
    }

    private static double Time(GpuDevice device, uint groups, uint local)
    {
        var module = Running.ShaderLibrary.Load("fma_peak");
        var storage = new Storage("fma", groups * local);
        using GpuBuffer y = device.Allocate(storage.Elements * sizeof(float), MemoryUse.Device, storage.Name);
        ShaderDispatch launch = ShaderDispatch.Of("fma_peak").Write("y", TensorView.Dense([(int)storage.Elements], storage))
            .With("steps", Steps).With("a", 0.999f).With("b", 0.001f);
        ComputeKernel kernel = device.GetKernel(module, [], local);
        using CommandRecorder recorder = device.Record("fma_peak");
        recorder.Dispatch(kernel, Running.PushLayout.Fill(module, launch, _ => y.Address), groups, 1, 1);
        using RecordedCommands commands = recorder.End();
        double best = double.MaxValue;
        for (int i = 0; i < Repeats; i++)
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            device.Wait(device.Submit(commands));
            best = Math.Min(best, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return best;
    }
}
