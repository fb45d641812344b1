using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

internal sealed class TearDownTests(DeviceUnderTest target) : DeviceFixture(target)
{
    [Test]
    public void Things_are_disposed_in_any_order_and_twice([Values] bool deviceFirst)
    {
        GpuDevice device = OpenAnew();
        GpuBuffer buffer = device.Allocate(100, MemoryUse.Device, "buffer");
        GpuBuffer mapped = device.Allocate(100, MemoryUse.Upload, "mapped");
        CommandRecorder recorder = device.Record("recorder");
        recorder.Fill(buffer, 0, 100, 1);
        RecordedCommands commands = recorder.End();
        CommandRecorder unfinished = device.Record("unfinished");
        unfinished.Timestamp("a");
        device.Submit(commands);
        device.Upload(buffer, 0, new byte[100]);
        device.GetKernel(TestKernels.Load("scale"), [], 64);
        List<IDisposable> all = [buffer, mapped, recorder, commands, unfinished];
        all.Insert(deviceFirst ? 0 : all.Count, device);
        foreach (IDisposable one in all)
            one.Dispose();
        foreach (IDisposable one in all)
            Assert.That(one.Dispose, Throws.Nothing);
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void Work_in_flight_is_waited_for()
    {
        const uint count = 1 << 18;
        GpuDevice device = OpenAnew();
        SpirvModule module = TestKernels.Load("increment");
        GpuBuffer x = device.Allocate(count * 4, MemoryUse.Device, "x");
        using CommandRecorder recorder = device.Record("long");
        for (int i = 0; i < 100; i++)
        {
            recorder.Dispatch(device.GetKernel(module, [], 64), TestKernels.Push(module, ("x", x), ("count", count)), count / 64, 1, 1);
            recorder.Barrier();
        }
        RecordedCommands commands = recorder.End();
        device.Submit(commands);
        x.Dispose();
        device.Dispose();
        commands.Dispose();
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void What_is_disposed_is_used_no_more()
    {
        GpuDevice device = OpenAnew();
        GpuBuffer buffer = device.Allocate(16, MemoryUse.Upload, "buffer");
        GpuBuffer other = device.Allocate(16, MemoryUse.Upload, "other");
        using RecordedCommands commands = Empty(device);
        buffer.Dispose();
        Assert.That(() => device.Upload(buffer, 0, new byte[1]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => buffer.Write(0, new byte[1]), Throws.InstanceOf<ObjectDisposedException>());
        device.Dispose();
        Assert.That(() => other.Write(0, new byte[1]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => device.Allocate(1, MemoryUse.Device, "late"), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => device.Submit(commands), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => commands.ReadTimestamps(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => device.Wait(0), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Things_of_one_device_are_refused_by_another()
    {
        using GpuDevice other = OpenAnew();
        using GpuBuffer mine = Device.Allocate(16, MemoryUse.Device, "mine");
        using RecordedCommands commands = Empty(Device);
        Assert.That(() => other.Upload(mine, 0, new byte[1]), Fails(ErrorCode.InvalidArgument, "another device"));
        Assert.That(() => other.Submit(commands), Fails(ErrorCode.InvalidArgument, "another device"));
        using CommandRecorder recorder = other.Record("foreign");
        Assert.That(() => recorder.Fill(mine, 0, 16, 0), Fails(ErrorCode.InvalidArgument, "another device"));
        ComputeKernel kernel = Device.GetKernel(TestKernels.Load("increment"), [], 64);
        Assert.That(() => recorder.Dispatch(kernel, new byte[12], 1, 1, 1), Fails(ErrorCode.InvalidArgument, "another device"));
    }

    [Test]
    public void Devices_come_and_go()
    {
        for (int i = 0; i < 5; i++)
        {
            using GpuDevice device = OpenAnew();
            using GpuBuffer buffer = device.Allocate(16, MemoryUse.Device, "buffer");
            device.Upload(buffer, 0, new byte[16]);
            Assert.That(device.ValidationMessages, Is.Empty);
        }
    }

    private static RecordedCommands Empty(GpuDevice device)
    {
        using CommandRecorder recorder = device.Record("empty");
        return recorder.End();
    }
}
