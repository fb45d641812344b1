using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

internal sealed class BufferTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private static readonly long[] OddSizes = [1, 3, 7, 16, 17, 255, 4099, 65_537, (8 << 20) + 5, (20 << 20) + 1];

    [TestCaseSource(nameof(OddSizes))]
    public void What_is_uploaded_comes_back(long size)
    {
        byte[] data = RandomBytes((int)size);
        using GpuBuffer buffer = Device.Allocate(size, MemoryUse.Device, "odd");
        Device.Upload(buffer, 0, data);
        var back = new byte[size];
        Device.Download(buffer, 0, back);
        Assert.That(back.AsSpan().SequenceEqual(data), Is.True);
        Assert.That(buffer.Address % 16, Is.Zero);
    }

    [Test]
    public void A_part_is_written_and_read_without_touching_the_rest()
    {
        byte[] data = RandomBytes(1001);
        using GpuBuffer buffer = Device.Allocate(1001, MemoryUse.Device, "part");
        Device.Upload(buffer, 0, data);
        byte[] middle = RandomBytes(13, seed: 5);
        Device.Upload(buffer, 501, middle);
        middle.CopyTo(data, 501);
        var back = new byte[400];
        Device.Download(buffer, 300, back);
        Assert.That(back, Is.EqualTo(data[300..700]));
    }

    [TestCase(MemoryUse.Upload), TestCase(MemoryUse.Readback)]
    public void Host_memory_is_mapped(MemoryUse use)
    {
        byte[] data = RandomBytes(77);
        using GpuBuffer buffer = Device.Allocate(77, use, "mapped");
        Assert.That(buffer.HostVisible, Is.True);
        buffer.Write(0, data);
        var back = new byte[76];
        buffer.Read(1, back);
        Assert.That(back, Is.EqualTo(data[1..]));
        Assert.That(buffer.Map(76, 1)[0], Is.EqualTo(data[76]));
    }

    [Test]
    public void An_upload_waits_its_turn_behind_submitted_work()
    {
        const uint count = 1 << 16;
        SpirvModule module = TestKernels.Load("increment");
        using GpuBuffer x = Device.Allocate(count * 4, MemoryUse.Device, "x");
        using CommandRecorder recorder = Device.Record("increments");
        recorder.Fill(x, 0, count * 4, 0);
        recorder.Barrier(PipelineWork.Transfer, PipelineWork.Compute);
        for (int i = 0; i < 50; i++)
        {
            recorder.Dispatch(Device.GetKernel(module, [], 64), TestKernels.Push(module, ("x", x), ("count", count)), count / 64, 1, 1);
            recorder.Barrier();
        }
        using RecordedCommands commands = recorder.End();
        Device.Submit(commands);
        Device.Upload(x, 0, new byte[] { 1, 2, 3, 4 });
        var back = new byte[8];
        Device.Download(x, 0, back);
        Assert.That(back, Is.EqualTo(new byte[] { 1, 2, 3, 4, 50, 0, 0, 0 }));
    }

    [TestCase(-1, 4), TestCase(97, 4), TestCase(101, 0), TestCase(0, 101)]
    public void Ranges_outside_are_refused(long offset, int length)
    {
        using GpuBuffer buffer = Device.Allocate(100, MemoryUse.Device, "small");
        Assert.That(() => Device.Upload(buffer, offset, new byte[length]), Fails(ErrorCode.InvalidArgument, "'small'"));
        Assert.That(() => Device.Download(buffer, offset, new byte[length]), Fails(ErrorCode.InvalidArgument, "'small'"));
    }

    [Test]
    public void Sizes_that_no_memory_holds_are_refused_with_what_is_there()
    {
        Assert.That(() => Device.Allocate(0, MemoryUse.Device, "nothing"), Fails(ErrorCode.InvalidArgument, "'nothing'"));
        Assert.That(() => Device.Allocate(long.MaxValue, MemoryUse.Device, "everything"), Fails(ErrorCode.OutOfDeviceMemory, "'everything'"));
        Assert.That(() => Device.Allocate((long)Device.Info.MemoryBytes + 1, MemoryUse.Device, "too much"), Fails(ErrorCode.OutOfDeviceMemory, "'too much'"));
    }

    [Test]
    public void Nothing_is_moved_for_no_bytes()
    {
        using GpuBuffer buffer = Device.Allocate(4, MemoryUse.Device, "four");
        Device.Upload(buffer, 4, []);
        Device.Download(buffer, 0, []);
        Assert.That(buffer.Size, Is.EqualTo(4));
    }

    [Test]
    public void Several_threads_upload_and_download_at_once()
    {
        Parallel.For(0, 16, i =>
        {
            byte[] data = RandomBytes(100_000 + i, seed: i);
            using GpuBuffer buffer = Device.Allocate(data.Length, MemoryUse.Device, $"thread {i}");
            var back = new byte[data.Length];
            for (int round = 0; round < 4; round++)
            {
                data[round]++;
                Device.Upload(buffer, 0, data);
                Device.Download(buffer, 0, back);
                Assert.That(back.AsSpan().SequenceEqual(data), Is.True, $"thread {i}");
            }
        });
    }

    internal static byte[] RandomBytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
