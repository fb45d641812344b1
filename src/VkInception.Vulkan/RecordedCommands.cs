namespace VkInception.Vulkan;

/// <summary>A finished recording, submitted as often as wanted. The buffers and kernels in it must live as long as it is submitted.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class RecordedCommands : IDisposable, IDeviceChild
{
    private readonly DeviceContext context;
    private readonly SubmissionQueue queue;
    private readonly TimestampRecorder timestamps;
    private readonly CommandMemory[] parts;
    private ulong lastSubmission;

    internal RecordedCommands(DeviceContext context, SubmissionQueue queue, CommandMemory[] parts, TimestampRecorder timestamps, string name, int dispatches)
    {
        this.context = context;
        this.queue = queue;
        this.timestamps = timestamps;
        this.parts = parts;
        Name = name;
        DispatchCount = dispatches;
        context.Adopt(this);
    }

    /// <summary>Name for messages and debuggers.</summary>
    public string Name { get; }

    /// <summary>Kernels in the recording.</summary>
    public int DispatchCount { get; }

    /// <summary>Submissions that one run of it takes: 1, and one more for every <see cref="CommandRecorder.Split"/>.</summary>
    public int SubmissionCount => parts.Length;

    /// <summary>Waits for the latest submission and gives the time on the device between neighbouring timestamps, each span under the label of the timestamp that closes it.</summary>
    /// <returns>Empty before the first submission, with fewer than two timestamps, and on devices without timestamps.</returns>
    public IReadOnlyList<(string Label, double Milliseconds)> ReadTimestamps()
    {
        using DeviceUse use = CheckAlive();
        ulong last = Volatile.Read(ref lastSubmission);
        if (last == 0)
            return [];
        queue.Wait(last);
        return timestamps.Read();
    }

    /// <summary>Gives the recording back once submissions of it are done; twice, or after the device is gone, is harmless.</summary>
    public void Dispose()
    {
        if (!context.TryRelease(this))
            return;
        try
        {
            queue.Retire(Destroy);
        }
        finally
        {
            context.Leave();
        }
    }

    void IDeviceChild.TearDown() => Destroy();

    internal ulong Submit(DeviceContext device)
    {
        using DeviceUse use = CheckAlive();
        if (device != context)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Name}: recorded on another device");
        ulong value = queue.Submit(parts, Name);
        Volatile.Write(ref lastSubmission, value);
        return value;
    }

    private void Destroy()
    {
        timestamps.Destroy();
        foreach (CommandMemory part in parts)
            part.Destroy();
    }

    private DeviceUse CheckAlive()
    {
        DeviceUse use = context.Enter();
        if (context.Holds(this))
            return use;
        use.Dispose();
        throw new ObjectDisposedException(nameof(RecordedCommands), $"{Name}: the recording is disposed");
    }
}
