namespace VkInception.Vulkan;

/// <summary>A finished recording, submitted as often as wanted. The buffers and kernels in it must live as long as it is submitted.</summary>
public sealed class RecordedCommands : IDisposable
{
    private readonly DeviceContext context;
    private readonly SubmissionQueue queue;
    private readonly TimestampRecorder timestamps;
    private ulong lastSubmission;

    internal RecordedCommands(DeviceContext context, SubmissionQueue queue, CommandMemory commands, TimestampRecorder timestamps, string name, int dispatches)
    {
        this.context = context;
        this.queue = queue;
        this.timestamps = timestamps;
        Commands = commands;
        Name = name;
        DispatchCount = dispatches;
        context.Adopt(this);
    }

    /// <summary>Name for messages and debuggers.</summary>
    public string Name { get; }

    /// <summary>Kernels in the recording.</summary>
    public int DispatchCount { get; }

    internal CommandMemory Commands { get; }

    /// <summary>Waits for the latest submission and gives the time on the device between neighbouring timestamps, each span under the label of the timestamp that closes it.</summary>
    /// <returns>Empty before the first submission, with fewer than two timestamps, and on devices without timestamps.</returns>
    public IReadOnlyList<(string Label, double Milliseconds)> ReadTimestamps()
    {
        CheckAlive();
        ulong last = Volatile.Read(ref lastSubmission);
        if (last == 0)
            return [];
        queue.Wait(last);
        return timestamps.Read();
    }

    /// <summary>Gives the recording back once submissions of it are done; twice, or after the device is gone, is harmless.</summary>
    public void Dispose()
    {
        if (!context.Release(this))
            return;
        queue.Retire(() =>
        {
            timestamps.Destroy();
            Commands.Destroy();
        });
    }

    internal ulong Submit(DeviceContext device)
    {
        CheckAlive();
        if (device != context)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Name}: recorded on another device");
        ulong value = queue.Submit(Commands.Buffer, Name);
        Volatile.Write(ref lastSubmission, value);
        return value;
    }

    private void CheckAlive()
    {
        ObjectDisposedException.ThrowIf(context.Closed, typeof(GpuDevice));
        ObjectDisposedException.ThrowIf(!context.Holds(this), this);
    }
}
