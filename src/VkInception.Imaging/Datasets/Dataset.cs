namespace VkInception.Imaging.Datasets;

/// <summary>Labelled images to train and to evaluate with. Thread-safe.</summary>
/// <remarks>Opening lists files and reads small formats into memory; image files are first read by <see cref="Validate"/> or by the batches. Immutable.</remarks>
public sealed class Dataset
{
    private Dataset(DatasetFormat format, string path, DatasetSplit training, DatasetSplit? evaluation, IReadOnlyList<string> notices)
    {
        Format = format;
        Path = path;
        Training = training;
        Evaluation = evaluation;
        Notices = notices;
    }

    /// <summary>How it lies on disk.</summary>
    public DatasetFormat Format { get; }

    /// <summary>What was opened.</summary>
    public string Path { get; }

    /// <summary>The classes; a label is a place in this list.</summary>
    public IReadOnlyList<string> ClassNames => Training.ClassNames;

    /// <summary>The images to train with; none when <see cref="DatasetOptions.EvaluationOnly"/> was set.</summary>
    public DatasetSplit Training { get; }

    /// <summary>The images to evaluate with; null when there are none.</summary>
    public DatasetSplit? Evaluation { get; }

    /// <summary>What was passed over, a line each.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Images of both splits.</summary>
    public int Count => Training.Count + (Evaluation?.Count ?? 0);

    /// <summary>Opens a data set.</summary>
    /// <param name="path">A folder (of classes, of CIFAR-10's or of IDX files) or a list file.</param>
    /// <param name="options">Format, held-out share, limits.</param>
    /// <exception cref="VkInceptionException">
    /// <see cref="ErrorCode.FileNotFound"/>: nothing there. <see cref="ErrorCode.FileDamaged"/>: a truncated or lying file, a label out of range.
    /// <see cref="ErrorCode.InvalidArgument"/>: no images, an empty class, only one class, other classes in evaluation than in training, contradictory options.
    /// <see cref="ErrorCode.OutOfHostMemory"/>, <see cref="ErrorCode.InputOutput"/>: as named.
    /// </exception>
    public static Dataset Open(string path, DatasetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= DatasetOptions.Default;
        if (!(options.HeldOut is >= 0 and < 1)) throw new VkInceptionException(ErrorCode.InvalidArgument, FormattableString.Invariant($"a held-out share of {options.HeldOut} is not possible; give 0 up to, but not, 1"));
        DatasetFormat format = options.Format ?? Detect(path);
        if (options.EvaluationList is not null && format != DatasetFormat.List)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{path}: is no list file, so an evaluation list does not go with it");
        return Assemble(format, path, Read(format, path, options), options);
    }

    /// <summary>Reads every image file and lists those that cannot be read.</summary>
    /// <param name="threads">Threads that read; 0 takes one per core.</param>
    /// <param name="progress">Told now and then how many of all images are done; from any thread, never two at once.</param>
    /// <param name="cancel">Stops between files.</param>
    /// <exception cref="OperationCanceledException">When cancelled.</exception>
    public DatasetReport Validate(int threads = 0, Action<int, int>? progress = null, CancellationToken cancel = default)
    {
        var unreadable = new List<UnreadableImage>();
        int done = 0;
        foreach (DatasetSplit split in new[] { Training, Evaluation }.OfType<DatasetSplit>())
        {
            int before = done;
            unreadable.AddRange(SplitValidation.Run(split, threads, now => progress?.Invoke(before + now, Count), cancel));
            done += split.Count;
        }
        return new DatasetReport(this, unreadable);
    }

    /// <summary>The data set less some of its images.</summary>
    internal Dataset Without(IReadOnlyList<UnreadableImage> images)
    {
        if (images.Count == 0) return this;
        DatasetSplit Rest(DatasetSplit split)
        {
            var gone = images.Where(image => image.Split == split.SplitName).Select(image => image.Index).ToHashSet();
            return split.At(split.SplitName, Enumerable.Range(0, split.Count).Where(i => !gone.Contains(i)));
        }
        DatasetSplit training = Rest(Training);
        DatasetSplit? evaluation = Evaluation is null ? null : Rest(Evaluation);
        if (Training.Count > 0) DemandClasses(Path, training);
        if (evaluation is { Count: 0 }) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Path}: no image is left to evaluate with");
        return new Dataset(Format, Path, training, evaluation, Notices);
    }

    private static DatasetFormat Detect(string path)
    {
        if (File.Exists(path)) return DatasetFormat.List;
        if (!Directory.Exists(path)) throw new VkInceptionException(ErrorCode.FileNotFound, $"{path}: no such folder or list file; give a folder of classes, of CIFAR-10's or of IDX files, or a list file");
        if (CifarReader.Find(path) is not null) return DatasetFormat.Cifar10;
        return IdxReader.Holds(path) ? DatasetFormat.Idx : DatasetFormat.ClassFolders;
    }

    private static DatasetContents Read(DatasetFormat format, string path, DatasetOptions options)
    {
        var budget = new CacheBudget(options.CacheBytes);
        if (format == DatasetFormat.List) return new ListReader(options, budget).Read(path);
        if (!Directory.Exists(path)) throw new VkInceptionException(ErrorCode.FileNotFound, $"{path}: no such folder");
        return format switch
        {
            DatasetFormat.Cifar10 => CifarReader.Read(CifarReader.Find(path) ?? path, options.EvaluationOnly),
            DatasetFormat.Idx => IdxReader.Read(path, options.EvaluationOnly),
            _ => new ClassFolderReader(options, budget).Read(path),
        };
    }

    private static Dataset Assemble(DatasetFormat format, string path, DatasetContents contents, DatasetOptions options)
    {
        IReadOnlyList<string> names = contents.ClassNames;
        int[]? match = null;
        if (options.ClassNames is { } known)
        {
            match = ClassList.Match(path, contents, known);
            names = known;
        }
        DatasetSplit Split(string name, LabelledImages images)
            => new(name, names, images.Images, [.. Enumerable.Range(0, images.Images.Count)], match is null ? images.Labels : Array.ConvertAll(images.Labels, label => match[label]));

        DatasetSplit? whole = contents.Training is null ? null : Split("training", contents.Training);
        DatasetSplit? evaluation = contents.Evaluation is null ? null : Split("evaluation", contents.Evaluation);
        if (whole is null && evaluation is null || whole is null && !options.EvaluationOnly) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{path}: no images to train with");
        if (options.EvaluationOnly)
        {
            evaluation ??= options.HeldOut > 0
                ? HeldOutSplit.Divide(path, whole!, options.HeldOut, options.Seed).Evaluation
                : whole!.At("evaluation", Enumerable.Range(0, whole.Count));
            return new Dataset(format, path, evaluation.At("training", []), evaluation, contents.Notices);
        }

        DemandClasses(path, whole!);
        if (evaluation is not null || options.HeldOut == 0) return new Dataset(format, path, whole!, evaluation, contents.Notices);
        (DatasetSplit rest, DatasetSplit held) = HeldOutSplit.Divide(path, whole!, options.HeldOut, options.Seed);
        return new Dataset(format, path, rest, held, contents.Notices);
    }

    private static void DemandClasses(string path, DatasetSplit training)
    {
        if (training.ClassNames.Count < 2) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{path}: has only one class ('{string.Concat(training.ClassNames)}'), there is nothing to tell apart; give two or more");
        for (int label = 0; label < training.ClassNames.Count; label++)
        {
            if (training.CountPerClass[label] == 0)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"{path}: class {label} ('{training.ClassNames[label]}') has no images to train with");
        }
    }
}
