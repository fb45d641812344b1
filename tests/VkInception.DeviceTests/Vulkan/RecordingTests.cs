using System.Runtime.InteropServices;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

internal sealed class RecordingTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const uint Count = 5000;
    private readonly SpirvModule increment = TestKernels.Load("increment");

    [Test]
    public void One_recording_is_submitted_many_times_without_waiting()
    {
        using GpuBuffer x = Zeroed();
        using RecordedCommands commands = Increments(x, 3);
        ulong last = 0;
        for (int i = 0; i < 40; i++)
        {
            ulong value = Device.Submit(commands);
            Assert.That(value, Is.GreaterThan(last));
            last = value;
        }
        Device.Wait(last);
        Assert.That(Device.IsDone(last), Is.True);
        Assert.That(Read(x), Is.All.EqualTo(120u));
        Assert.That(commands.DispatchCount, Is.EqualTo(3));
    }

    [Test]
    public async Task Waiting_can_be_awaited_and_cancelled()
    {
        using GpuBuffer x = Zeroed();
        using RecordedCommands commands = Increments(x, 20);
        await Device.WaitAsync(Device.Submit(commands));
        Assert.That(Read(x), Is.All.EqualTo(20u));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        ulong value = Device.Submit(commands);
        Assert.That(async () => await Device.WaitAsync(value, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
        Device.Wait(value);
    }

    [Test]
    public void A_value_never_submitted_is_refused_instead_of_waited_for()
    {
        Assert.That(() => Device.Wait(Device.LastSubmission + 1), Fails(ErrorCode.InvalidArgument, "never submitted"));
        Assert.That(() => Device.IsDone(ulong.MaxValue), Fails(ErrorCode.InvalidArgument, "never submitted"));
    }

    [Test]
    public void Copies_and_fills_move_what_they_say()
    {
        using GpuBuffer a = Device.Allocate(103, MemoryUse.Device, "a");
        using GpuBuffer b = Device.Allocate(103, MemoryUse.Device, "b");
        using CommandRecorder recorder = Device.Record("moves");
        recorder.BeginLabel("fills");
        recorder.Fill(a, 0, 103, 0x04030201);
        recorder.Fill(b, 0, 103, 0);
        recorder.EndLabel();
        recorder.Barrier(PipelineWork.Transfer, PipelineWork.Transfer);
        recorder.Copy(a, 1, b, 50, 5);
        using RecordedCommands commands = recorder.End();
        Device.Submit(commands);
        var back = new byte[103];
        Device.Download(b, 0, back);
        var expected = new byte[103];
        new byte[] { 2, 3, 4, 1, 2 }.CopyTo(expected, 50);
        Assert.That(back, Is.EqualTo(expected));
    }

    [Test]
    public void What_cannot_be_recorded_is_refused()
    {
        using GpuBuffer x = Zeroed();
        using CommandRecorder recorder = Device.Record("wrong");
        ComputeKernel kernel = Device.GetKernel(increment, [], 64);
        Assert.That(() => recorder.Dispatch(kernel, new byte[4], 1, 1, 1), Fails(ErrorCode.ShaderFailed, "12 bytes, 4"));
        (uint maxX, _, _) = Device.Info.MaxWorkgroupCount;
        if (maxX < uint.MaxValue)
            Assert.That(() => recorder.Dispatch(kernel, new byte[12], maxX + 1, 1, 1), Fails(ErrorCode.InvalidArgument, "workgroups"));
        Assert.That(() => recorder.Fill(x, 2, 4, 0), Fails(ErrorCode.InvalidArgument, "32-bit words"));
        Assert.That(() => recorder.Copy(x, 0, x, 4, 8), Fails(ErrorCode.InvalidArgument, "overlaps"));
        Assert.That(() => recorder.Copy(x, 0, x, Count * 4, 8), Fails(ErrorCode.InvalidArgument, "outside"));
        Assert.That(() => recorder.EndLabel(), Fails(ErrorCode.InvalidArgument, "label"));
        Assert.That(() => recorder.Barrier(0, PipelineWork.Compute), Fails(ErrorCode.InvalidArgument, "barrier"));
        recorder.BeginLabel("open");
        Assert.That(() => recorder.End(), Fails(ErrorCode.InvalidArgument, "open"));
        recorder.EndLabel();
        using RecordedCommands commands = recorder.End();
        Assert.That(() => recorder.Barrier(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Timestamps_name_the_spans_they_close()
    {
        using GpuBuffer x = Zeroed();
        using CommandRecorder recorder = Device.Record("timed");
        recorder.Timestamp("start");
        // More than one query pool holds.
        for (int i = 0; i < 300; i++)
        {
            recorder.Dispatch(Device.GetKernel(increment, [], 64), Push(x), (Count + 63) / 64, 1, 1);
            recorder.Barrier();
            recorder.Timestamp($"run {i}");
        }
        using RecordedCommands commands = recorder.End();
        Assert.That(commands.ReadTimestamps(), Is.Empty, "nothing ran yet");
        for (int round = 0; round < 3; round++)
            Device.Submit(commands);
        IReadOnlyList<(string Label, double Milliseconds)> spans = commands.ReadTimestamps();
        if (!Device.Info.Timestamps)
        {
            Assert.That(spans, Is.Empty);
            return;
        }
        Assert.That(spans.Select(s => s.Label), Is.EqualTo(Enumerable.Range(0, 300).Select(i => $"run {i}")));
        Assert.That(spans.Select(s => s.Milliseconds), Is.All.InRange(0, 10_000));
        Assert.That(spans.Sum(s => s.Milliseconds), Is.GreaterThan(0));
    }

    [Test]
    public void A_recording_thrown_away_leaves_nothing()
    {
        CommandRecorder recorder = Device.Record("dropped");
        recorder.Timestamp("a");
        recorder.Dispose();
        recorder.Dispose();
        Assert.That(() => recorder.End(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Recordings_of_several_threads_do_not_disturb_each_other()
    {
        Parallel.For(0, 8, i =>
        {
            using GpuBuffer x = Zeroed();
            using RecordedCommands commands = Increments(x, i + 1);
            Device.Submit(commands);
            Device.Wait(Device.Submit(commands));
            Assert.That(Read(x), Is.All.EqualTo((uint)(2 * (i + 1))));
        });
    }

    private byte[] Push(GpuBuffer x) => TestKernels.Push(increment, ("x", x), ("count", Count));

    private GpuBuffer Zeroed()
    {
        GpuBuffer x = Device.Allocate(Count * 4, MemoryUse.Device, "x");
        Device.Upload(x, 0, new byte[Count * 4]);
        return x;
    }

    private RecordedCommands Increments(GpuBuffer x, int times)
    {
        using CommandRecorder recorder = Device.Record("increments");
        for (int i = 0; i < times; i++)
        {
            recorder.Dispatch(Device.GetKernel(increment, [], 64), Push(x), (Count + 63) / 64, 1, 1);
            recorder.Barrier();
        }
        return recorder.End();
    }

    private uint[] Read(GpuBuffer x)
    {
        var values = new uint[Count];
        Device.Download(x, 0, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
