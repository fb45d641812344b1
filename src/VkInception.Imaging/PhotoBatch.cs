namespace VkInception.Imaging;

/// <summary>Preprocessed photos, packed, with the files that failed named beside them. Not changed once made: any thread may read it.</summary>
public sealed class PhotoBatch
{
    private readonly float[] tensor;

    internal PhotoBatch(ImageInput input, int crops, float[] tensor, IReadOnlyList<int> indices, IReadOnlyList<PhotoFailure> failures)
    {
        Input = input;
        Crops = crops;
        this.tensor = tensor;
        Indices = indices;
        Failures = failures;
    }

    /// <summary>The preprocessing that made it.</summary>
    public ImageInput Input { get; }

    /// <summary>Views of each photo.</summary>
    public int Crops { get; }

    /// <summary>Number of photos.</summary>
    public int Count => Indices.Count;

    /// <summary>The images as N×C×H×W float32, N = <see cref="Count"/> · <see cref="Crops"/>, the views of a photo one after another.</summary>
    public Memory<float> Tensor => tensor.AsMemory(0, Count * Crops * Preprocessor.ElementCount(Input));

    /// <summary>For each photo, the place of its file in the list of files; ascending.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>The files that could not be loaded, in the order of the list.</summary>
    public IReadOnlyList<PhotoFailure> Failures { get; }
}
