using Silk.NET.Vulkan;
using Semaphore = Silk.NET.Vulkan.Semaphore;

namespace VkInception.Vulkan;

/// <summary>The one queue and its timeline semaphore: every submission gets the next value. Any thread may call.</summary>
internal sealed unsafe class SubmissionQueue
{
    private const ulong Second = 1_000_000_000;
    private readonly Lock gate = new();
    private readonly DeviceContext context;
    private readonly Semaphore timeline;
    private readonly Queue<(ulong Value, Action Destroy)> retired = new();
    private ulong submitted;
    private ulong completed;

    public SubmissionQueue(DeviceContext context)
    {
        this.context = context;
        var kind = new SemaphoreTypeCreateInfo { SType = StructureType.SemaphoreTypeCreateInfo, SemaphoreType = SemaphoreType.Timeline };
        var info = new SemaphoreCreateInfo { SType = StructureType.SemaphoreCreateInfo, PNext = &kind };
        Semaphore created;
        context.Vk.CreateSemaphore(context.Device, &info, null, &created).Check("vkCreateSemaphore");
        timeline = created;
        context.Name(ObjectType.Semaphore, created.Handle, "timeline");
    }

    /// <summary>Value of the latest submission.</summary>
    public ulong Submitted => Volatile.Read(ref submitted);

    public bool IsIdle => IsDone(Submitted);

    public ulong Submit(CommandMemory commands, string name)
    {
        ulong value;
        lock (gate)
            value = Enqueue(commands, name);
        DestroyRetired();
        return value;
    }

    /// <summary>Submits the parts of one recording, each on its own, with nothing of another thread's between them.</summary>
    /// <returns>The value of the last.</returns>
    /// <exception cref="VkInceptionException">The driver refused a part. Those before it have run, or the device is lost.</exception>
    public ulong Submit(ReadOnlySpan<CommandMemory> parts, string name)
    {
        ulong value = 0;
        try
        {
            lock (gate)
            {
                foreach (CommandMemory part in parts)
                    value = Enqueue(part, name);
            }
        }
        catch (VkInceptionException) when (value != 0)
        {
            // The caller believes that nothing runs, and will write the input once more.
            Settle(value);
            throw;
        }
        DestroyRetired();
        return value;
    }

    public bool IsDone(ulong value)
    {
        if (value <= Volatile.Read(ref completed))
            return true;
        CheckKnown(value);
        ulong reached;
        Noted(context.Vk.GetSemaphoreCounterValue(context.Device, timeline, &reached)).Check("vkGetSemaphoreCounterValue");
        Advance(reached);
        return value <= reached;
    }

    public void Wait(ulong value)
    {
        while (!TryWait(value, 10 * Second))
        {
        }
    }

    /// <summary>False when the value is not reached within the time.</summary>
    public bool TryWait(ulong value, ulong nanoseconds)
    {
        if (value <= Volatile.Read(ref completed))
            return true;
        CheckKnown(value);
        Semaphore semaphore = timeline;
        var info = new SemaphoreWaitInfo { SType = StructureType.SemaphoreWaitInfo, SemaphoreCount = 1, PSemaphores = &semaphore, PValues = &value };
        if (Noted(context.Vk.WaitSemaphores(context.Device, &info, nanoseconds)).Check("vkWaitSemaphores") == Result.Timeout)
            return false;
        Advance(value);
        DestroyRetired();
        return true;
    }

    /// <summary>Runs <paramref name="destroy"/> once everything submitted so far is done: at once where it is.</summary>
    public void Retire(Action destroy)
    {
        bool now;
        lock (gate)
        {
            // After the device is lost or closed nothing runs any more.
            now = context.Closed || submitted <= Reached();
            if (!now)
                retired.Enqueue((submitted, destroy));
        }
        if (now)
            destroy();
    }

    /// <summary>Ends the queue. The device must be idle.</summary>
    public void Dispose()
    {
        while (retired.TryDequeue(out (ulong Value, Action Destroy) next))
            next.Destroy();
        context.Vk.DestroySemaphore(context.Device, timeline, null);
    }

    /// <summary>Adds a submission; to be called under the gate.</summary>
    private ulong Enqueue(CommandMemory commands, string name)
    {
        ObjectDisposedException.ThrowIf(context.Closed, typeof(GpuDevice));
        ulong value = submitted + 1;
        Noted(context.Synchronization.Submit(context.Queue, commands.Buffer, timeline, value)).Check("vkQueueSubmit2", name);
        Volatile.Write(ref submitted, value);
        return value;
    }

    private ulong Reached()
    {
        // Nothing runs on a lost device: whatever was submitted is over.
        if (context.Lost)
            return ulong.MaxValue;
        ulong reached;
        // An error does not matter here: tear-down must go on, and the next wait reports it.
        return Noted(context.Vk.GetSemaphoreCounterValue(context.Device, timeline, &reached)) == Result.Success ? reached : 0;
    }

    /// <summary>Waits until nothing of a submission runs any more, whatever the driver answers.</summary>
    public void Settle(ulong value)
    {
        Semaphore semaphore = timeline;
        var info = new SemaphoreWaitInfo { SType = StructureType.SemaphoreWaitInfo, SemaphoreCount = 1, PSemaphores = &semaphore, PValues = &value };
        Result result;
        do
            result = Noted(context.Vk.WaitSemaphores(context.Device, &info, 10 * Second));
        while (result == Result.Timeout);
        if (result != Result.Success)
            WaitIdle();
    }

    private void WaitIdle()
    {
        // Nobody may submit meanwhile.
        lock (gate)
            context.WaitIdle();
    }

    /// <summary>Remembers a loss.</summary>
    private Result Noted(Result result)
    {
        if (result == Result.ErrorDeviceLost && !context.Lost)
        {
            // Comes back soon on a lost device; only then is everything that was submitted surely over.
            WaitIdle();
            context.MarkLost();
        }
        return result;
    }

    /// <summary>Whether something waits to be destroyed.</summary>
    public bool HasRetired
    {
        get
        {
            lock (gate)
                return retired.Count > 0;
        }
    }

    /// <summary>Destroys what was retired and is at work no longer.</summary>
    public void DestroyRetired()
    {
        while (true)
        {
            Action destroy;
            lock (gate)
            {
                if (!retired.TryPeek(out (ulong Value, Action Destroy) next) || next.Value > Reached())
                    return;
                destroy = retired.Dequeue().Destroy;
            }
            destroy();
        }
    }

    private void Advance(ulong reached)
    {
        ulong known = Volatile.Read(ref completed);
        while (reached > known)
        {
            ulong seen = Interlocked.CompareExchange(ref completed, reached, known);
            if (seen == known)
                return;
            known = seen;
        }
    }

    private void CheckKnown(ulong value)
    {
        ObjectDisposedException.ThrowIf(context.Closed, typeof(GpuDevice));
        if (value > Submitted)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"timeline value {value} was never submitted; the latest is {Submitted}");
    }
}
