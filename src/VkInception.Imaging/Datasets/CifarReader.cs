using System.Globalization;

namespace VkInception.Imaging.Datasets;

/// <summary>Reads CIFAR-10's binary version: records of one label byte and 1024 bytes each of red, green and blue (the data set's own page, "Binary version").</summary>
internal static class CifarReader
{
    private const int Side = 32, Plane = Side * Side, Pixels = 3 * Plane, Record = 1 + Pixels, Classes = 10;

    private static readonly string[] published = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>The folder that holds the files: this one, or the one that the archive unpacks to; null when neither does.</summary>
    public static string? Find(string folder)
    {
        string unpacked = Path.Combine(folder, "cifar-10-batches-bin");
        return Holds(folder) ? folder : Directory.Exists(unpacked) && Holds(unpacked) ? unpacked : null;
    }

    public static DatasetContents Read(string folder, bool evaluationOnly)
    {
        string test = Path.Combine(folder, "test_batch.bin");
        LabelledImages? evaluation = File.Exists(test) ? ReadFiles(test, [test]) : null;
        string[] files = evaluationOnly && evaluation is not null ? [] : TrainingFiles(folder);
        string[] names = ClassList.ReadIfThere(Path.Combine(folder, "batches.meta.txt")) ?? published;
        if (names.Length != Classes) throw Damage.Found(Path.Combine(folder, "batches.meta.txt"), $"names {names.Length} classes, CIFAR-10 has {Classes}");
        return new DatasetContents(names, true, files.Length > 0 ? ReadFiles(folder, files) : null, evaluation, []);
    }

    private static bool Holds(string folder) => File.Exists(Path.Combine(folder, "test_batch.bin")) || TrainingFiles(folder).Length > 0;

    private static string[] TrainingFiles(string folder)
        => [.. FolderListing.Files(folder).Where(path => Number(path) >= 0).OrderBy(Number).ThenBy(path => path, StringComparer.Ordinal)];

    private static int Number(string path)
    {
        const string Start = "data_batch_";
        string name = Path.GetFileNameWithoutExtension(path);
        bool right = name.StartsWith(Start, StringComparison.Ordinal) && Path.GetExtension(path) == ".bin";
        return right && int.TryParse(name.AsSpan(Start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
    }

    private static LabelledImages ReadFiles(string where, string[] files)
    {
        var contents = new List<byte[]>(files.Length);
        long bytes = 0;
        foreach (string file in files)
        {
            byte[] content = MemoryDemand.File(file, Array.MaxLength - bytes, "a data set that is held in memory");
            if (content.Length % Record != 0)
                throw Damage.Found(file, $"is no whole number of CIFAR-10 records: {content.Length} bytes are {content.Length / Record} of {Record} bytes and {content.Length % Record} more; is the file truncated?");
            contents.Add(content);
            bytes += content.Length;
        }

        int count = (int)(bytes / Record), image = 0;
        var labels = new int[count];
        byte[] levels = MemoryDemand.Bytes((long)count * Pixels, where);
        for (int file = 0; file < files.Length; file++)
        {
            byte[] content = contents[file];
            // The planar copy is not needed beside the interleaved one.
            contents[file] = [];
            for (int at = 0; at < content.Length; at += Record, image++)
            {
                if (content[at] >= Classes) throw Damage.Found(files[file], $"record {at / Record} has the label {content[at]}, which is out of range (0 to {Classes - 1})");
                labels[image] = content[at];
                Interleave(content.AsSpan(at + 1, Pixels), levels.AsSpan(image * Pixels, Pixels));
            }
        }
        return new LabelledImages(where, new ByteImages(levels, 0, count, Side, Side, 3), labels);
    }

    private static void Interleave(ReadOnlySpan<byte> planes, Span<byte> rgb)
    {
        for (int i = 0, to = 0; i < Plane; i++, to += 3)
        {
            rgb[to] = planes[i];
            rgb[to + 1] = planes[Plane + i];
            rgb[to + 2] = planes[2 * Plane + i];
        }
    }
}
