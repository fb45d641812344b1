using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

internal sealed class MemoryTests(DeviceUnderTest target) : DeviceFixture(target)
{
    [Test]
    public void Buffers_never_overlap_and_everything_goes_back()
    {
        using GpuDevice device = OpenAnew();
        var random = new Random(42);
        var live = new List<GpuBuffer>();
        for (int step = 0; step < 2000; step++)
        {
            if (live.Count > 0 && random.Next(100) < 45)
            {
                int victim = random.Next(live.Count);
                live[victim].Dispose();
                live.RemoveAt(victim);
            }
            else
            {
                live.Add(device.Allocate(1 + (long)Math.Pow(2, random.NextDouble() * 21), (MemoryUse)random.Next(3), $"buffer {step}"));
            }
            if (step % 100 == 0)
                ExpectApart(live);
        }
        DeviceMemoryUse full = device.MemoryUse;
        Assert.That(full.BufferCount, Is.EqualTo(live.Count));
        Assert.That(full.UsedBytes, Is.GreaterThanOrEqualTo(live.Sum(b => b.Size)).And.LessThanOrEqualTo(full.AllocatedBytes));
        Assert.That(full.BlockCount, Is.LessThan(live.Count / 4), "buffers share blocks");
        foreach (GpuBuffer buffer in live)
            buffer.Dispose();
        DeviceMemoryUse empty = device.MemoryUse;
        Assert.That((empty.AllocatedBytes, empty.UsedBytes, empty.BlockCount, empty.BufferCount), Is.EqualTo((0L, 0L, 0, 0)));
        Assert.That(empty.PeakBytes, Is.GreaterThanOrEqualTo(full.AllocatedBytes));
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void A_big_buffer_has_a_block_of_its_own()
    {
        using GpuDevice device = OpenAnew();
        using (device.Allocate(1000, MemoryUse.Device, "small"))
        using (device.Allocate(100 << 20, MemoryUse.Device, "big"))
            Assert.That(device.MemoryUse.BlockCount, Is.EqualTo(2));
        Assert.That(device.MemoryUse.BlockCount, Is.Zero);
    }

    [Test]
    public void Memory_of_a_buffer_in_use_goes_back_only_when_the_work_is_done()
    {
        const uint count = 1 << 18;
        using GpuDevice device = OpenAnew();
        SpirvModule module = TestKernels.Load("increment");
        GpuBuffer x = device.Allocate(count * 4, MemoryUse.Device, "x");
        RecordedCommands commands;
        using (CommandRecorder recorder = device.Record("long"))
        {
            for (int i = 0; i < 100; i++)
            {
                recorder.Dispatch(device.GetKernel(module, [], 64), TestKernels.Push(module, ("x", x), ("count", count)), count / 64, 1, 1);
                recorder.Barrier();
            }
            commands = recorder.End();
        }
        ulong value = device.Submit(commands);
        // The layer objects to anything destroyed while the device still uses it.
        x.Dispose();
        commands.Dispose();
        device.Wait(value);
        Assert.That(device.MemoryUse.BufferCount, Is.Zero);
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void Repeated_transfers_take_no_more_memory()
    {
        using GpuDevice device = OpenAnew();
        using GpuBuffer buffer = device.Allocate(3 << 20, MemoryUse.Device, "buffer");
        var data = new byte[3 << 20];
        device.Upload(buffer, 0, data);
        device.Download(buffer, 0, data);
        long after = device.MemoryUse.AllocatedBytes;
        for (int i = 0; i < 50; i++)
        {
            device.Upload(buffer, 0, data);
            device.Download(buffer, 0, data);
        }
        Assert.That(device.MemoryUse.AllocatedBytes, Is.EqualTo(after));
    }

    private static void ExpectApart(List<GpuBuffer> live)
    {
        ulong end = 0;
        foreach (GpuBuffer buffer in live.OrderBy(b => b.Address))
        {
            Assert.That(buffer.Address, Is.GreaterThanOrEqualTo(end), buffer.Name);
            end = buffer.Address + (ulong)buffer.Size;
        }
    }
}
