namespace VkInception.Imaging.Batches;

/// <summary>Images and labels, ready for the network. Dispose it to give its memory back to the queue. Not thread-safe.</summary>
public sealed class LabelledBatch : IDisposable
{
    private readonly Action<float[]> giveBack;
    private float[]? images;

    internal LabelledBatch(int epoch, int index, int count, float[] images, int[] labels, int[] indices, IReadOnlyList<PhotoFailure> failures, Action<float[]> giveBack)
    {
        Epoch = epoch;
        Index = index;
        Count = count;
        this.images = images;
        Labels = labels;
        Indices = indices;
        Failures = failures;
        this.giveBack = giveBack;
    }

    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; }

    /// <summary>Place in the epoch, from 0.</summary>
    public int Index { get; }

    /// <summary>Images that are there; in an evaluation's last batch fewer than the batch size.</summary>
    public int Count { get; }

    /// <summary>The images as N×C×H×W float32, N the batch size (times the crops, an image's one after another); zeros beyond <see cref="Count"/>. Its length never differs between batches.</summary>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public float[] Images
    {
        get
        {
            ObjectDisposedException.ThrowIf(images is null, this);
            return images;
        }
    }

    /// <summary>For each place of the batch, the class; -1 beyond <see cref="Count"/>.</summary>
    public int[] Labels { get; }

    /// <summary>For each place of the batch, the image's place in the split; -1 beyond <see cref="Count"/>.</summary>
    public int[] Indices { get; }

    /// <summary>Images that could not be read, in the order of the batch; others take their places in training, in evaluation they are left out.</summary>
    public IReadOnlyList<PhotoFailure> Failures { get; }

    /// <summary>Gives the images' memory back; labels and indices stay.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref images, null) is { } memory) giveBack(memory);
    }
}
