using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

/// <summary>The layer speaks where a barrier is missing, or an access lies beyond its buffer: without this, its silence in every other test would mean nothing.</summary>
/// <remarks>Barriers between copies only: it does not follow addresses, so it cannot see what kernels touch. The barriers between kernels are the planning tests'.</remarks>
internal sealed class ValidationTests(DeviceUnderTest target) : DeviceFixture(target)
{
    [TestCase(false)]
    [TestCase(true)]
    public void A_barrier_left_out_between_copies_is_reported(bool barrier)
    {
        // A device of its own: what the layer says is not counted against the shared one.
        using GpuDevice device = OpenAnew();
        using GpuBuffer a = device.Allocate(64, MemoryUse.Device, "a"), b = device.Allocate(64, MemoryUse.Device, "b");
        using CommandRecorder recorder = device.Record("fill and copy");
        recorder.Fill(a, 0, 64, 1);
        if (barrier)
            recorder.Barrier(PipelineWork.Transfer, PipelineWork.Transfer);
        recorder.Copy(a, 0, b, 0, 64);
        using RecordedCommands commands = recorder.End();
        device.Wait(device.Submit(commands));
        Assert.That(device.ValidationMessages, barrier ? Is.Empty : Has.Some.Match("SYNC-HAZARD-READ-AFTER-WRITE|READ_AFTER_WRITE"));
    }

    [TestCase(64u)]
    [TestCase(65u)]
    public void An_access_beyond_its_buffer_is_reported_by_gpu_assisted_validation(uint count)
    {
        if (Environment.GetEnvironmentVariable("VK_LAYER_GPUAV_ENABLE") != "1")
            Assert.Ignore("GPU-assisted validation is off: set VK_LAYER_GPUAV_ENABLE=1 (slow; tests/README.md says what it showed)");
        using GpuDevice device = OpenAnew();
        using GpuBuffer x = device.Allocate(64 * sizeof(float), MemoryUse.Device, "x");
        SpirvModule module = TestKernels.Load("increment");
        using CommandRecorder recorder = device.Record("one too many");
        recorder.Fill(x, 0, 64 * sizeof(float), 0);
        recorder.Barrier(PipelineWork.Transfer, PipelineWork.Compute);
        recorder.Dispatch(device.GetKernel(module, [], 64), TestKernels.Push(module, ("x", x), ("count", count)), 2, 1, 1);
        using RecordedCommands commands = recorder.End();
        device.Wait(device.Submit(commands));
        Assert.That(device.ValidationMessages, count == 64 ? Is.Empty : Has.Some.Contains("PhysicalStorageBuffer64"));
    }
}
