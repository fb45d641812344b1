using System.Text;
using System.Text.RegularExpressions;

namespace VkInception.Cli;

/// <summary>Names of classes, one a line in the order of their indices.</summary>
internal static partial class Labels
{
    private const long MaximumBytes = 16 << 20;

    /// <summary>Reads a file of labels; the WordNet id that begins every line of <c>synset_words.txt</c> is left out.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileNotFound"/>, <see cref="ErrorCode.FileRefused"/>, <see cref="ErrorCode.FileDamaged"/>, <see cref="ErrorCode.InputOutput"/>.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (!File.Exists(path))
            throw new VkInceptionException(ErrorCode.FileNotFound, $"{path}: {(Directory.Exists(path) ? "is a folder; name a file of labels" : "no such file; check the path")}");
        long length = LengthOf(path);
        if (length == 0)
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{path}: holds no labels; name a file with one a line");
        if (length > MaximumBytes)
            throw new VkInceptionException(ErrorCode.FileRefused, $"{path}: {length} bytes are too many for a file of labels, one a line");
        string[] lines = [.. ReadLines(path).Select(l => l.Trim())];
        lines = lines[..(Array.FindLastIndex(lines, l => l.Length > 0) + 1)];
        if (lines.Length == 0)
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{path}: holds no labels; write one a line");
        return Array.TrueForAll(lines, l => Synset().IsMatch(l)) ? [.. lines.Select(l => Synset().Replace(l, ""))] : lines;
    }

    private static long LengthOf(string path)
    {
        try
        {
            return RegularFile.LengthOf(path) ?? 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{path}: cannot be read: {e.Message}", e);
        }
    }

    [GeneratedRegex(@"^n\d{8}\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Synset();
}
