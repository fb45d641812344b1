using System.Globalization;
using System.Text;

namespace VkInception.Imaging.Datasets;

/// <summary>Names of classes: from a file, made up, matched.</summary>
internal static class ClassList
{
    /// <summary>Classes that a data set may have. Labels are checked against it before anything is allocated by them.</summary>
    public const int MaxClasses = 1 << 16;

    private const long MaxFileBytes = 16 << 20;

    /// <summary>The classes' numbers as their names.</summary>
    public static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The names in a text file, one a line, blank lines passed over; null when there is no such file.</summary>
    public static string[]? ReadIfThere(string path)
    {
        if (!File.Exists(path)) return null;
        string[] names = [.. Lines(path, MaxFileBytes, "a file of class names").Select(line => line.Trim()).Where(line => line.Length > 0)];
        if (names.Length is 0 or > MaxClasses) throw Damage.Found(path, $"names {names.Length} classes; give one a line, {MaxClasses} at most");
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Damage.Found(path, $"names the class '{twice.Key}' twice");
        return names;
    }

    /// <summary>The lines of a text file in UTF-8.</summary>
    public static string[] Lines(string path, long maxBytes, string kind)
    {
        byte[] content = MemoryDemand.File(path, maxBytes, kind);
        ReadOnlySpan<byte> text = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content.AsSpan(Encoding.UTF8.Preamble.Length) : content;
        if (text.Contains((byte)0)) throw Damage.Found(path, $"is not {kind}: it is not text");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text).Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        }
        catch (OutOfMemoryException e)
        {
            throw new VkInceptionException(ErrorCode.OutOfHostMemory, $"{path}: no memory for its lines", e);
        }
        catch (ArgumentException e)
        {
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{path}: is not {kind}: it is not text in UTF-8", e);
        }
    }

    /// <summary>For each class of the data, its place among those that the model knows.</summary>
    public static int[] Match(string path, DatasetContents contents, IReadOnlyList<string> known)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < known.Count; i++) places.TryAdd(known[i], i);
        if (!contents.Named && contents.ClassNames.Count <= known.Count && !contents.ClassNames.All(places.ContainsKey))
            return [.. Enumerable.Range(0, contents.ClassNames.Count)];
        return [.. contents.ClassNames.Select(name => places.TryGetValue(name, out int place) ? place
            : throw new VkInceptionException(ErrorCode.InvalidArgument, $"{path}: has a class '{name}', which is none of the {known.Count} that the model knows; give data of the model's classes"))];
    }
}
