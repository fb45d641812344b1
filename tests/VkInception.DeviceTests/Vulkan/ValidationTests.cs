using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

/// <summary>The layer speaks where a barrier is missing: without this, its silence in every other test would mean nothing.</summary>
/// <remarks>Copies only: it does not follow addresses, so it cannot see what kernels touch. The barriers between kernels are the planning tests'.</remarks>
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
}
