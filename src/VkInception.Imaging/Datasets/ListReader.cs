using System.Globalization;

namespace VkInception.Imaging.Datasets;

/// <summary>Reads list files: lines of a path, a space or tab, and a label, which is a class's number or its name.</summary>
/// <remarks>Paths are relative to the list's folder. A <c>labels.txt</c> beside the list names the classes; without one, labels that are not all numbers are names, in ordinal order.</remarks>
internal sealed class ListReader(DatasetOptions options, CacheBudget budget)
{
    private const long MaxFileBytes = 256 << 20;

    public DatasetContents Read(string path)
    {
        Entry[]? evaluation = options.EvaluationList is { } list ? Parse(list) : null;
        Entry[]? training = options.EvaluationOnly && evaluation is not null ? null : Parse(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string[]? names = ClassList.ReadIfThere(Path.Combine(folder, "labels.txt"));
        bool numbered = names is null && (training ?? evaluation!).All(entry => Number(entry.Label) >= 0);
        string[] classes = names ?? (numbered ? NumberedClasses(training is null ? options.EvaluationList! : path, training ?? evaluation!)
            : [.. (training ?? evaluation!).Select(entry => entry.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        if (classes.Length > ClassList.MaxClasses) throw Damage.Found(path, $"has {classes.Length} classes, more than the {ClassList.MaxClasses} that are possible");

        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < classes.Length; i++) places.Add(classes[i], i);
        return new DatasetContents(classes, !numbered,
            training is null ? null : Images(path, training, places, names is not null || numbered),
            evaluation is null ? null : Images(options.EvaluationList!, evaluation, places, names is not null || numbered), []);
    }

    private static string[] NumberedClasses(string path, Entry[] entries)
    {
        Entry last = entries.MaxBy(entry => Number(entry.Label))!;
        int count = Number(last.Label) + 1;
        return count <= ClassList.MaxClasses ? ClassList.Numbers(count)
            : throw Damage.Found(path, $"line {last.Line} has the label {last.Label}, which is out of range (0 to {ClassList.MaxClasses - 1})");
    }

    private LabelledImages Images(string list, Entry[] entries, Dictionary<string, int> places, bool numbersToo)
    {
        var labels = new int[entries.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            string label = entries[i].Label;
            int number = numbersToo ? Number(label) : -1;
            labels[i] = places.TryGetValue(label, out int place) ? place
                : number >= 0 && number < places.Count ? number
                : throw Damage.Found(list, $"line {entries[i].Line} has the label '{label}', which is {(number >= 0 ? $"out of range (0 to {places.Count - 1})" : $"none of the {places.Count} classes")}");
        }
        string folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        string[] paths = Array.ConvertAll(entries, entry => Path.GetFullPath(Path.Combine(folder, entry.Path)));
        return new LabelledImages(list, new FileImages(paths, options.Photos, budget), labels);
    }

    private static Entry[] Parse(string path)
    {
        string[] lines = ClassList.Lines(path, MaxFileBytes, "a list file");
        var entries = new List<Entry>(lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0) continue;
            // A path, and after a tab a name, may hold spaces.
            int end = line.LastIndexOf('\t');
            if (end < 0) end = line.LastIndexOf(' ');
            if (end <= 0) throw Damage.Found(path, $"line {i + 1} is not a path, a space or tab, and a label");
            entries.Add(new Entry(i + 1, line[..end].TrimEnd(), line[(end + 1)..].TrimStart()));
        }
        return entries.Count > 0 ? [.. entries] : throw Damage.Found(path, "no images: the list is empty");
    }

    private static int Number(string label)
        => int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < int.MaxValue ? number : -1;

    private sealed record Entry(int Line, string Path, string Label);
}
