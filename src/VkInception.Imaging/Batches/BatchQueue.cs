using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace VkInception.Imaging.Batches;

/// <summary>Makes batches on worker threads and hands them out in order, a bounded number ahead.</summary>
/// <remarks>Threads share each batch, a few images at a time, so that the first one is there soon and what a batch holds never depends on the threads.</remarks>
internal sealed class BatchQueue : IDisposable
{
    private readonly object gate = new();
    private readonly IBatchSource source;
    private readonly int batchSize, elements, depth, share;
    private readonly Queue<BatchSlot> slots = new();
    private readonly Stack<float[]> free = new();
    private readonly Thread[] workers;
    private BatchSlot? open;
    private bool ended, stopping;
    private ExceptionDispatchInfo? fault;
    private long waited;

    /// <param name="source">Plans and images.</param>
    /// <param name="options">Batch size, threads, depth.</param>
    /// <param name="elements">Floats of one image, with all its crops.</param>
    public BatchQueue(IBatchSource source, BatchOptions options, int elements)
    {
        this.source = source;
        this.elements = elements;
        batchSize = options.BatchSize;
        depth = BatchLimits.Depth(options, elements);
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        share = Math.Clamp(batchSize / (4 * threads), 1, 32);
        workers = [.. Enumerable.Range(0, threads).Select(i => new Thread(Work) { IsBackground = true, Name = $"images {i}" })];
        foreach (Thread worker in workers) worker.Start();
    }

    /// <summary>How long <see cref="Next"/> has waited, in all.</summary>
    public TimeSpan Waited => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref waited));

    /// <summary>The next batch; null after the last.</summary>
    public LabelledBatch? Next(Func<int, int> label, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        BatchSlot? slot;
        using (cancel.UnsafeRegister(static queue => ((BatchQueue)queue!).Wake(), this))
        {
            lock (gate)
            {
                ObjectDisposedException.ThrowIf(stopping, this);
                slot = Await(cancel);
            }
        }
        Interlocked.Add(ref waited, Stopwatch.GetTimestamp() - start);
        return slot is null ? null : Finish(slot, label);
    }

    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.PulseAll(gate);
        }
        foreach (Thread worker in workers) worker.Join();
    }

    private BatchSlot? Await(CancellationToken cancel)
    {
        while (true)
        {
            if (slots.TryPeek(out BatchSlot? first) && first.Unfilled == 0)
            {
                // An error stays at the head, and is thrown at every call.
                first.Error?.Throw();
                slots.Dequeue();
                Monitor.PulseAll(gate);
                return first;
            }
            if (slots.Count == 0) fault?.Throw();
            if (slots.Count == 0 && ended) return null;
            cancel.ThrowIfCancellationRequested();
            Monitor.Wait(gate);
            ObjectDisposedException.ThrowIf(stopping, this);
        }
    }

    private LabelledBatch Finish(BatchSlot slot, Func<int, int> label)
    {
        int count = 0;
        for (int i = 0; i < batchSize; i++)
        {
            if (slot.Indices[i] < 0) continue;
            if (count < i)
            {
                slot.Images.AsSpan(i * elements, elements).CopyTo(slot.Images.AsSpan(count * elements));
                (slot.Indices[count], slot.Indices[i]) = (slot.Indices[i], -1);
            }
            count++;
        }
        slot.Images.AsSpan(count * elements).Clear();
        int[] labels = Array.ConvertAll(slot.Indices, index => index < 0 ? -1 : label(index));
        return new LabelledBatch(slot.Plan.Epoch, slot.Plan.Index, count, slot.Images, labels, slot.Indices, [.. slot.Failures], GiveBack);
    }

    private void Work()
    {
        IImageFiller? filler = null;
        while (true)
        {
            BatchSlot slot;
            int first, count;
            lock (gate)
            {
                BatchSlot? found;
                while ((found = Open()) is null)
                {
                    if (stopping) return;
                    Monitor.Wait(gate);
                }
                slot = found;
                (first, count) = slot.Claim(share);
            }
            Fill(slot, first, count, ref filler);
        }
    }

    private void Fill(BatchSlot slot, int first, int count, ref IImageFiller? filler)
    {
        var failures = new List<PhotoFailure>();
        int at = first;
        ExceptionDispatchInfo? error = null;
        try
        {
            filler ??= source.NewFiller();
            for (; at < first + count && !Volatile.Read(ref stopping); at++)
                slot.Indices[at] = filler.Fill(slot.Plan, at, slot.Images.AsSpan(at * elements, elements), failures);
        }
        catch (OutOfMemoryException e)
        {
            error = ExceptionDispatchInfo.Capture(new VkInceptionException(ErrorCode.OutOfHostMemory, "no memory left to prepare images; use a smaller batch or fewer threads", e));
        }
#pragma warning disable CA1031 // Whatever a worker meets is thrown where the batch is asked for.
        catch (Exception e)
        {
            error = ExceptionDispatchInfo.Capture(e);
        }
#pragma warning restore CA1031
        lock (gate)
        {
            slot.Filled(first, count, failures);
            if (error is not null) slot.Fail(at, error);
            if (slot.Unfilled == 0) Monitor.PulseAll(gate);
        }
    }

    // The batch that still has unclaimed images, or a new one.
    private BatchSlot? Open()
    {
        if (stopping) return null;
        if (open is { Unclaimed: > 0 }) return open;
        if (ended || fault is not null || slots.Count >= depth) return null;
        try
        {
            if (source.Next() is not { } plan)
            {
                ended = true;
                Monitor.PulseAll(gate);
                return null;
            }
            float[] images = free.TryPop(out float[]? used) ? used : GC.AllocateUninitializedArray<float>(checked(batchSize * elements));
            open = new BatchSlot(plan, images, batchSize);
            slots.Enqueue(open);
            if (open.Unclaimed > share) Monitor.PulseAll(gate);
            return open;
        }
        catch (OutOfMemoryException e)
        {
            fault = ExceptionDispatchInfo.Capture(new VkInceptionException(ErrorCode.OutOfHostMemory, $"no memory for another batch of {batchSize} images; use a smaller batch", e));
            Monitor.PulseAll(gate);
            return null;
        }
    }

    private void GiveBack(float[] images)
    {
        lock (gate)
        {
            if (free.Count <= depth) free.Push(images);
        }
    }

    private void Wake()
    {
        lock (gate) Monitor.PulseAll(gate);
    }
}
