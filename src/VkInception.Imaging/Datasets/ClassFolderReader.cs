namespace VkInception.Imaging.Datasets;

/// <summary>Reads folders of classes. Classes and files are in the ordinal order of their names.</summary>
internal sealed class ClassFolderReader(DatasetOptions options, CacheBudget budget)
{
    // In the order of preference: validation data is for looking at while training, test data for the end.
    private static readonly string[] evaluationNames = ["val", "valid", "validation", "test"];
    private static readonly string[] extensions = [".jpg", ".jpeg", ".png", ".bmp", ".gif"];

    private readonly List<string> notices = [];

    public DatasetContents Read(string folder)
    {
        string[] folders = FolderListing.Folders(folder);
        string? training = Named(folders, "train");
        string? evaluation = evaluationNames.Select(name => Named(folders, name)).FirstOrDefault(path => path is not null);
        // A class may be called "train" too; only a split holds folders.
        bool isSplit = folders.Length > 0 && folders.All(path => IsSplitName(Path.GetFileName(path))) || training is not null && FolderListing.Folders(training).Length > 0;
        if (!isSplit) return ReadWhole(folder, folders);
        if (options.EvaluationOnly && evaluation is not null) training = null;
        else if (training is null) throw new VkInceptionException(ErrorCode.FileNotFound, $"{folder}: has no folder train beside {Path.GetFileName(evaluation)}");

        string[] unused = Array.FindAll(folders, path => path != evaluation && !Path.GetFileName(path).Equals("train", StringComparison.OrdinalIgnoreCase));
        if (unused.Length > 0) notices.Add($"{folder}: not used: {string.Join(", ", unused.Take(5).Select(path => Path.GetFileName(path)))}{(unused.Length > 5 ? ", …" : "")}; evaluated is {Path.GetFileName(evaluation) ?? "what is held out of train"}");
        return ReadSplits(training, evaluation);
    }

    private DatasetContents ReadWhole(string folder, string[] classes)
    {
        if (classes.Length == 0) throw NoClasses(folder);
        string[] names = Names(classes);
        return new DatasetContents(names, true, ReadClasses(folder, classes), null, notices);
    }

    private DatasetContents ReadSplits(string? training, string? evaluation)
    {
        string[] trainingClasses = training is null ? [] : FolderListing.Folders(training), evaluationClasses = evaluation is null ? [] : FolderListing.Folders(evaluation);
        if (training is not null && trainingClasses.Length == 0) throw NoClasses(training);
        if (evaluation is not null && evaluationClasses.Length == 0) throw NoClasses(evaluation);
        string[] names = Names(training is null ? evaluationClasses : trainingClasses);
        if (training is not null && evaluation is not null) DemandSame(training, names, evaluation, Names(evaluationClasses));
        return new DatasetContents(names, true,
            training is null ? null : ReadClasses(training, trainingClasses),
            evaluation is null ? null : ReadClasses(evaluation, evaluationClasses), notices);
    }

    private LabelledImages ReadClasses(string where, string[] classes)
    {
        if (classes.Length > ClassList.MaxClasses) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{where}: has {classes.Length} classes, more than the {ClassList.MaxClasses} that are possible");
        var paths = new List<string>();
        var labels = new List<int>();
        var passedOver = new List<string>();
        for (int label = 0; label < classes.Length; label++)
        {
            int before = paths.Count;
            foreach (string file in FolderListing.Files(classes[label]))
            {
                if (extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)) paths.Add(file);
                else passedOver.Add(file);
            }
            if (paths.Count == before)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"{classes[label]}: the class has no images ({string.Join(' ', extensions)}); add some, or remove the folder");
            passedOver.AddRange(FolderListing.Folders(classes[label]));
            labels.AddRange(Enumerable.Repeat(label, paths.Count - before));
        }
        if (passedOver.Count > 0) notices.Add($"{where}: {passedOver.Count} files or folders in its classes are no images ({string.Join(' ', extensions)}) and are not used; the first is {passedOver[0]}");
        return new LabelledImages(where, new FileImages([.. paths], options.Photos, budget), [.. labels]);
    }

    private static void DemandSame(string training, string[] names, string evaluation, string[] others)
    {
        if (names.Except(others, StringComparer.Ordinal).FirstOrDefault() is { } missing)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{evaluation}: has no class '{missing}', which {training} has; both must have the same classes");
        if (others.Except(names, StringComparer.Ordinal).FirstOrDefault() is { } extra)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{evaluation}: has a class '{extra}', which {training} has not; both must have the same classes");
    }

    private static string? Named(string[] folders, string name)
        => Array.Find(folders, path => Path.GetFileName(path).Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool IsSplitName(string name)
        => name.Equals("train", StringComparison.OrdinalIgnoreCase) || evaluationNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string[] Names(string[] folders) => Array.ConvertAll(folders, path => Path.GetFileName(path));

    private static VkInceptionException NoClasses(string folder)
        => new(ErrorCode.InvalidArgument, $"{folder}: no images: it holds neither a folder for each class, nor CIFAR-10's or IDX files");
}
