namespace VkInception.Imaging.Datasets;

/// <summary>How a data set is opened.</summary>
public sealed record DatasetOptions
{
    /// <summary>The defaults.</summary>
    public static DatasetOptions Default { get; } = new();

    /// <summary>The format; null finds out.</summary>
    public DatasetFormat? Format { get; init; }

    /// <summary>Share of each class, at least one image, that is held out for evaluation where the data comes in one piece; 0 (none) up to, but not, 1. Default 0.</summary>
    public double HeldOut { get; init; }

    /// <summary>Chooses the images that are held out.</summary>
    public ulong Seed { get; init; }

    /// <summary>A second list file, for evaluation; only with a list file.</summary>
    public string? EvaluationList { get; init; }

    /// <summary>Opens the evaluation images only; where the data comes in one piece they are the <see cref="HeldOut"/> share, or all images if that is 0. Classes may then lack images.</summary>
    public bool EvaluationOnly { get; init; }

    /// <summary>The classes that a model knows, in its order; those of the data are matched by name, or by number where the data names none. Null takes the data's own.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Limits and codec for image files.</summary>
    public PhotoOptions Photos { get; init; } = PhotoOptions.Default;

    /// <summary>Bytes of decoded image files that are kept, so that later epochs read no files; never more than a quarter of the memory there is. Default 1 GiB.</summary>
    public long CacheBytes { get; init; } = 1L << 30;
}
