namespace VkInception.Imaging.Datasets;

/// <summary>What <see cref="Dataset.Validate"/> found. Immutable: any thread may use it.</summary>
public sealed class DatasetReport
{
    private readonly Dataset dataset;

    internal DatasetReport(Dataset dataset, IReadOnlyList<UnreadableImage> unreadable)
    {
        this.dataset = dataset;
        Unreadable = unreadable;
    }

    /// <summary>Every image that cannot be read: training first, each in the order of its split.</summary>
    public IReadOnlyList<UnreadableImage> Unreadable { get; }

    /// <summary>The data set to go on with.</summary>
    /// <param name="policy"><see cref="UnreadablePolicy.Skip"/>: without the images that cannot be read. <see cref="UnreadablePolicy.Fail"/>: the whole, or an error.</param>
    /// <exception cref="VkInceptionException">The first unreadable image's code, its reason and the count, with <see cref="UnreadablePolicy.Fail"/>; <see cref="ErrorCode.InvalidArgument"/> when a class is left without images.</exception>
    public Dataset Result(UnreadablePolicy policy)
    {
        if (policy == UnreadablePolicy.Skip || Unreadable.Count == 0) return dataset.Without(Unreadable);
        VkInceptionException first = Unreadable[0].Error;
        throw new VkInceptionException(first.Code, Unreadable.Count == 1 ? first.Message : $"{first.Message} (the first of {Unreadable.Count} images that cannot be read)", first);
    }
}
