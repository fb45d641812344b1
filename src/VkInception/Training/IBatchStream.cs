namespace VkInception.Training;

/// <summary>Batches, one after the other.</summary>
public interface IBatchStream : IDisposable
{
    /// <summary>Time that callers of <see cref="Next"/> waited so far.</summary>
    TimeSpan Waited { get; }

    /// <summary>The next batch; null behind the last. The one before may be overwritten.</summary>
    /// <exception cref="OperationCanceledException">When cancelled.</exception>
    ImageBatch? Next(CancellationToken cancel);
}
