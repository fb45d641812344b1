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

    public ulong Submit(CommandBuffer commands, string name)
    {
        ulong value;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(context.Closed, typeof(GpuDevice));
            value = submitted + 1;
            context.Synchronization.Submit(context.Queue, commands, timeline, value).Check("vkQueueSubmit2", name);
            Volatile.Write(ref submitted, value);
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
        context.Vk.GetSemaphoreCounterValue(context.Device, timeline, &reached).Check("vkGetSemaphoreCounterValue");
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
        if (context.Vk.WaitSemaphores(context.Device, &info, nanoseconds).Check("vkWaitSemaphores") == Result.Timeout)
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

    private ulong Reached()
    {
        ulong reached;
        // A lost device's answer does not matter here: tear-down must go on, and the next wait reports the loss.
        Result result = context.Vk.GetSemaphoreCounterValue(context.Device, timeline, &reached);
        return result == Result.Success ? reached : 0;
    }

    private void DestroyRetired()
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
