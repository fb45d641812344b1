using System.Runtime.ExceptionServices;

namespace VkInception.Imaging.Batches;

/// <summary>A batch that is being filled. Its own members are guarded by the queue, but for the parts of the arrays that a thread has claimed.</summary>
internal sealed class BatchSlot(BatchPlan plan, float[] images, int batchSize)
{
    private readonly SortedDictionary<int, List<PhotoFailure>> failures = [];
    private int firstErrorAt = int.MaxValue;

    public BatchPlan Plan => plan;

    public float[] Images => images;

    /// <summary>Places in the split; -1 where there is no image.</summary>
    public int[] Indices { get; } = [.. Enumerable.Repeat(-1, batchSize)];

    /// <summary>Positions that no thread has claimed yet.</summary>
    public int Unclaimed { get; private set; } = plan.Images.Length;

    /// <summary>Positions that are not filled yet.</summary>
    public int Unfilled { get; private set; } = plan.Images.Length;

    /// <summary>The error of the lowest position that has one, so that it does not depend on which thread is faster.</summary>
    public ExceptionDispatchInfo? Error { get; private set; }

    public IEnumerable<PhotoFailure> Failures => failures.Values.SelectMany(list => list);

    public (int First, int Count) Claim(int most)
    {
        int count = Math.Min(most, Unclaimed), first = plan.Images.Length - Unclaimed;
        Unclaimed -= count;
        return (first, count);
    }

    public void Filled(int first, int count, List<PhotoFailure> failed)
    {
        Unfilled -= count;
        if (failed.Count > 0) failures.Add(first, failed);
    }

    public void Fail(int position, ExceptionDispatchInfo error)
    {
        if (position >= firstErrorAt) return;
        firstErrorAt = position;
        Error = error;
    }
}
