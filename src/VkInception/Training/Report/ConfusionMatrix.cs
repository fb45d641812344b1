namespace VkInception.Training;

/// <summary>How often images of each class were taken for each class. Not thread-safe.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[] counts;

    /// <summary>An empty matrix of so many classes.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: fewer than 1 or more than 10 000 classes.</exception>
    public ConfusionMatrix(int classes)
    {
        if (classes is < 1 or > 10_000)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"a confusion matrix of {classes} classes cannot be kept; 1 to 10000 can");
        Classes = classes;
        counts = new int[classes * classes];
    }

    /// <summary>A matrix of given counts, copied.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="counts">Images by label, then by predicted class: element label·classes + predicted.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: the counts do not fill the matrix, or as above.</exception>
    public ConfusionMatrix(int classes, ReadOnlySpan<int> counts)
        : this(classes)
    {
        if (counts.Length != this.counts.Length)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{counts.Length} counts do not fill a confusion matrix of {classes} classes");
        counts.CopyTo(this.counts);
    }

    /// <summary>Classes.</summary>
    public int Classes { get; }

    /// <summary>Images of class <paramref name="label"/> taken for <paramref name="predicted"/>.</summary>
    public int this[int label, int predicted] => counts[(label * Classes) + predicted];

    /// <summary>Counts an image.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: a class that the matrix does not have.</exception>
    public void Add(int label, int predicted)
    {
        if ((uint)label >= (uint)Classes || (uint)predicted >= (uint)Classes)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"class {label} taken for {predicted}: the matrix has {Classes} classes");
        counts[(label * Classes) + predicted]++;
    }

    /// <summary>Images of a class.</summary>
    public long CountOf(int label)
    {
        long sum = 0;
        foreach (int count in counts.AsSpan(label * Classes, Classes))
            sum += count;
        return sum;
    }

    /// <summary>Share of a class's images that were recognized (its recall); null where it has none.</summary>
    public double? AccuracyOf(int label) => CountOf(label) is var count and > 0 ? (double)this[label, label] / count : null;

    /// <summary>The pairs of different classes that were confused most, most first, then in the order of the classes.</summary>
    public IReadOnlyList<(int Label, int Predicted, int Count)> TopConfusions(int most)
    {
        var worst = new PriorityQueue<(int Label, int Predicted, int Count), (int Count, int Order)>();
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0 || i / Classes == i % Classes)
                continue;
            worst.Enqueue((i / Classes, i % Classes, counts[i]), (counts[i], -i));
            if (worst.Count > most)
                worst.Dequeue();
        }
        var pairs = new List<(int, int, int)>();
        while (worst.Count > 0)
            pairs.Add(worst.Dequeue());
        pairs.Reverse();
        return pairs;
    }
}
