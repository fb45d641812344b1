using VkInception.Graph;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception;

/// <summary>Measures how fast the device reads and writes its memory at most: a block that no cache holds, copied.</summary>
public static class BandwidthPeak
{
    private const long WantedBytes = 128L << 20;
    private const uint LocalSize = 64;
    private const uint Groups = 4096;
    private const int Repeats = 5;

    /// <summary>Bytes read and written per second, in GB/s (10⁹): the better of a kernel's copy and the driver's own, the best of several runs.</summary>
    /// <exception cref="VkInceptionException">Vulkan's errors, <see cref="ErrorCode.OutOfDeviceMemory"/> among them: a quarter of a gigabyte is taken.</exception>
    public static double Measure(GpuDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        using GpuBuffer x = device.Allocate(WantedBytes, MemoryUse.Device, "bandwidth source");
        using GpuBuffer y = device.Allocate(WantedBytes, MemoryUse.Device, "bandwidth target");
        return Math.Max(Time(device, recorder => Copy(device, recorder, x, y)), Time(device, recorder => recorder.Copy(x, 0, y, 0, WantedBytes)));
    }

    private static void Copy(GpuDevice device, CommandRecorder recorder, GpuBuffer x, GpuBuffer y)
    {
        SpirvModule module = ShaderLibrary.Load("bandwidth_peak");
        int elements = (int)(WantedBytes / sizeof(float));
        var source = new Storage("x", elements);
        var target = new Storage("y", elements);
        ShaderDispatch launch = ShaderDispatch.Of("bandwidth_peak").Read("x", TensorView.Dense([elements], source)).Write("y", TensorView.Dense([elements], target))
            .With("count", elements / 4);
        ComputeKernel kernel = device.GetKernel(module, [], Math.Min(LocalSize, device.Info.MaxWorkgroupInvocations));
        recorder.Dispatch(kernel, PushLayout.Fill(module, launch, view => view.Storage == source ? x.Address : y.Address), Groups, 1, 1);
    }

    private static double Time(GpuDevice device, Action<CommandRecorder> record)
    {
        using CommandRecorder recorder = device.Record("bandwidth");
        record(recorder);
        using RecordedCommands commands = recorder.End();
        double best = double.MaxValue;
        for (int i = 0; i < Repeats; i++)
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            device.Wait(device.Submit(commands));
            best = Math.Min(best, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 2.0 * WantedBytes / best * 1e-9;
    }
}
