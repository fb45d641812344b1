using System.Runtime.InteropServices;
using Silk.NET.Vulkan;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

/// <summary>Drivers that fail, and drivers of other machines, played by replacing functions of the real one.</summary>
internal sealed class FaultTests(DeviceUnderTest target) : DeviceFixture(target)
{
    [Test]
    public void A_lost_device_is_named_and_can_still_be_disposed()
    {
        using var driver = new FaultyDriver();
        driver.Replace<FaultyDriver.Submit>("vkQueueSubmit2", _ => (_, _, _, _) => Result.ErrorDeviceLost);
        driver.Replace<FaultyDriver.OneHandle>("vkDeviceWaitIdle", real => device => real(device) == Result.Success ? Result.ErrorDeviceLost : Result.ErrorUnknown);
        GpuDevice device = OpenAnew();
        GpuBuffer buffer = device.Allocate(16, MemoryUse.Device, "buffer");
        using CommandRecorder recorder = device.Record("doomed");
        recorder.Fill(buffer, 0, 16, 0);
        RecordedCommands commands = recorder.End();
        Assert.That(() => device.Submit(commands), Fails(ErrorCode.DeviceLost, "vkQueueSubmit2 (doomed) returned VK_ERROR_DEVICE_LOST"));
        device.Dispose();
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void A_driver_that_refuses_big_blocks_gives_small_ones()
    {
        long limit = 1 << 20;
        using var driver = new FaultyDriver();
        driver.Replace<FaultyDriver.AllocateMemory>("vkAllocateMemory", real => (device, info, allocator, memory) =>
            // VkMemoryAllocateInfo: type, next, size.
            Marshal.ReadInt64(info, 16) > limit ? Result.ErrorOutOfDeviceMemory : real(device, info, allocator, memory));
        using GpuDevice device = OpenAnew();
        using (device.Allocate(1000, MemoryUse.Device, "small"))
            Assert.That(device.MemoryUse.AllocatedBytes, Is.LessThanOrEqualTo(limit));
        Assert.That(() => device.Allocate(2 * limit, MemoryUse.Device, "big"), Fails(ErrorCode.OutOfDeviceMemory, "'big' (2.0 MiB, Device)"));
        limit = 0;
        Assert.That(() => device.Allocate(1, MemoryUse.Device, "least"), Fails(ErrorCode.OutOfDeviceMemory, "the driver refused"));
        Assert.That((device.MemoryUse.BlockCount, device.MemoryUse.BufferCount), Is.EqualTo((0, 0)));
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void The_number_of_allocations_stays_within_the_limit()
    {
        int offset = (int)Marshal.OffsetOf<PhysicalDeviceProperties>(nameof(PhysicalDeviceProperties.Limits)) + (int)Marshal.OffsetOf<PhysicalDeviceLimits>(nameof(PhysicalDeviceLimits.MaxMemoryAllocationCount));
        using var driver = new FaultyDriver();
        driver.Alter("vkGetPhysicalDeviceProperties", result => Marshal.WriteInt32(result, offset, 2));
        using GpuDevice device = OpenAnew();
        using GpuBuffer first = device.Allocate(20 << 20, MemoryUse.Device, "first"), second = device.Allocate(20 << 20, MemoryUse.Device, "second");
        Assert.That(() => device.Allocate(20 << 20, MemoryUse.Device, "third"), Fails(ErrorCode.OutOfDeviceMemory, "allows 2 allocations"));
    }

    [Test]
    public void Device_memory_that_the_host_cannot_see_is_reached_by_copies([Values(5, 100_001, (20 << 20) + 3)] int size)
    {
        using var driver = new FaultyDriver();
        driver.SplitMemory();
        using GpuDevice device = OpenAnew();
        Assert.That(device.Info.UnifiedMemory, Is.False);
        byte[] data = BufferTests.RandomBytes(size);
        using GpuBuffer buffer = device.Allocate(size + 1, MemoryUse.Device, "far");
        Assert.That(buffer.HostVisible, Is.False);
        Assert.That(() => buffer.Write(0, [1]), Fails(ErrorCode.InvalidArgument, "cannot see"));
        for (int round = 0; round < 3; round++)
        {
            data[0]++;
            device.Upload(buffer, 1, data);
            var back = new byte[size];
            device.Download(buffer, 1, back);
            Assert.That(back.AsSpan().SequenceEqual(data), Is.True);
        }
        Assert.That(device.MemoryUse.AllocatedBytes, Is.LessThan(size + (100L << 20)), "staging is reused");
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void Copies_of_many_sizes_and_threads_share_the_staging()
    {
        using var driver = new FaultyDriver();
        driver.SplitMemory();
        using GpuDevice device = OpenAnew();
        Parallel.For(0, 12, i =>
        {
            byte[] data = BufferTests.RandomBytes(1 << (8 + i), seed: i);
            using GpuBuffer buffer = device.Allocate(data.Length, MemoryUse.Device, $"buffer {i}");
            device.Upload(buffer, 0, data);
            var back = new byte[data.Length];
            device.Download(buffer, 0, back);
            Assert.That(back.AsSpan().SequenceEqual(data), Is.True, $"buffer {i}");
        });
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void A_device_of_Vulkan_1_2_works_through_the_extensions()
    {
        using var driver = new FaultyDriver();
        driver.Alter("vkGetPhysicalDeviceProperties", result => Marshal.WriteInt32(result, (1 << 22) | (2 << 12)));
        using GpuDevice device = OpenAnew();
        Assert.That(device.Info.ApiVersion, Is.EqualTo("1.2.0"));
        using GpuBuffer buffer = device.Allocate(64, MemoryUse.Device, "buffer");
        using CommandRecorder recorder = device.Record("old");
        recorder.Timestamp("start");
        recorder.Fill(buffer, 0, 64, 0x01010101);
        recorder.Barrier(PipelineWork.Transfer, PipelineWork.Compute);
        recorder.Timestamp("end");
        using RecordedCommands commands = recorder.End();
        device.Wait(device.Submit(commands));
        var back = new byte[64];
        device.Download(buffer, 0, back);
        Assert.That(back, Is.All.EqualTo(1));
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void A_device_without_timestamps_measures_nothing_and_works()
    {
        using var driver = new FaultyDriver();
        driver.Replace<FaultyDriver.QueryMany>("vkGetPhysicalDeviceQueueFamilyProperties", real => (device, count, result) =>
        {
            real(device, count, result);
            // VkQueueFamilyProperties: flags, count, timestampValidBits, granularity; 24 bytes each.
            for (int i = 0; result != 0 && i < Marshal.ReadInt32(count); i++)
                Marshal.WriteInt32(result, i * 24 + 8, 0);
        });
        using GpuDevice device = OpenAnew();
        Assert.That(device.Info.Timestamps, Is.False);
        using CommandRecorder recorder = device.Record("untimed");
        recorder.Timestamp("a");
        recorder.Timestamp("b");
        using RecordedCommands commands = recorder.End();
        device.Wait(device.Submit(commands));
        Assert.That(commands.ReadTimestamps(), Is.Empty);
    }

    [Test]
    public void A_driver_without_devices_is_said()
    {
        using var driver = new FaultyDriver();
        driver.Replace<FaultyDriver.Enumerate>("vkEnumeratePhysicalDevices", _ => (_, count, _) =>
        {
            Marshal.WriteInt32(count, 0);
            return Result.Success;
        });
        Assert.That(() => GpuDevice.List(), Fails(ErrorCode.NoDevice, "no device"));
        Assert.That(() => GpuDevice.Open(), Fails(ErrorCode.NoDevice, "no device"));
    }

    [Test]
    public void A_loader_without_drivers_is_said()
    {
        using var driver = new FaultyDriver();
        driver.Replace<FaultyDriver.Create>("vkCreateInstance", _ => (_, _, _) => Result.ErrorIncompatibleDriver);
        Assert.That(() => GpuDevice.List(), Fails(ErrorCode.NoDevice, "found no driver"));
        Assert.That(() => GpuDevice.Open(), Fails(ErrorCode.NoDevice, "VK_ERROR_INCOMPATIBLE_DRIVER"));
    }

    [Test]
    public void A_layer_that_is_missing_is_said()
    {
        using var driver = new FaultyDriver();
        driver.Replace<FaultyDriver.Create>("vkEnumerateInstanceLayerProperties", _ => (count, _, _) =>
        {
            Marshal.WriteInt32(count, 0);
            return Result.Success;
        });
        Assert.That(() => OpenAnew(), Fails(ErrorCode.ValidationFailed, "VK_LAYER_KHRONOS_validation is not installed"));
    }

    [Test]
    public void A_cache_that_the_driver_does_not_hand_out_leaves_the_tear_down_whole([Values(Result.ErrorOutOfHostMemory, Result.ErrorDeviceLost)] Result refusal)
    {
        int devices = 0, instances = 0;
        using var driver = new FaultyDriver();
        driver.Replace<FaultyDriver.CacheData>("vkGetPipelineCacheData", _ => (_, _, _, _) => refusal);
        Count(driver, "vkDestroyDevice", () => devices++);
        Count(driver, "vkDestroyInstance", () => instances++);
        GpuDevice device = OpenAnew(Path.Combine(TestContext.CurrentContext.WorkDirectory, "no cache is written here"));
        device.GetKernel(TestKernels.Load("scale"), [], 64);
        Assert.That(device.SavePipelineCache(), Is.False);
        Assert.That(device.PipelineCacheProblem, Does.StartWith("vkGetPipelineCacheData returned"));
        Assert.That(device.Dispose, Throws.Nothing);
        Assert.That((devices, instances), Is.EqualTo((1, 1)));
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void A_device_without_the_commands_it_promised_is_destroyed()
    {
        int devices = 0;
        using var driver = new FaultyDriver();
        driver.Remove("vkCmdPipelineBarrier2");
        Count(driver, "vkDestroyDevice", () => devices++);
        Assert.That(() => OpenAnew(), Fails(ErrorCode.DeviceUnsuitable, "vkCmdPipelineBarrier2"));
        Assert.That(devices, Is.EqualTo(1));
    }

    [Test]
    public void A_pipeline_layout_that_failed_once_is_tried_anew()
    {
        int left = 1;
        using var driver = new FaultyDriver();
        driver.Replace<FaultyDriver.CreateObject>("vkCreatePipelineLayout", real => (device, info, allocator, layout) =>
            left-- > 0 ? Result.ErrorOutOfHostMemory : real(device, info, allocator, layout));
        using GpuDevice device = OpenAnew();
        SpirvModule module = TestKernels.Load("scale");
        Assert.That(() => device.GetKernel(module, [], 64), Fails(ErrorCode.OutOfHostMemory, "vkCreatePipelineLayout"));
        Assert.That(() => device.GetKernel(module, [], 64), Throws.Nothing);
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    private static void Count(FaultyDriver driver, string destroy, Action called) =>
        driver.Replace<FaultyDriver.Destroy>(destroy, real => (handle, allocator) =>
        {
            called();
            real(handle, allocator);
        });
}
