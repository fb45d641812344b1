using System.Text;

namespace VkInception.Vulkan;

/// <summary>Finds what <c>#include</c> names: beside the including file where it was written in quotes, then in the include folders.</summary>
internal sealed class ShaderIncludeSearch(IReadOnlyList<string> folders)
{
    private const int DeepestNesting = 64;
    private const long LargestFile = 16 << 20;

    /// <summary>The file's full path and bytes. Where it cannot be included, an empty path and the reason: Shaderc reports it with file and line.</summary>
    public (string Path, byte[] Content) Find(string requested, string? requesting, nuint depth)
    {
        if (depth > DeepestNesting)
            return Refusal($"{requested}: included more than {DeepestNesting} levels deep; does a file include itself?");
        IEnumerable<string> candidates = folders.Select(f => Path.Combine(Path.GetFullPath(f), requested));
        if (requesting is not null && Path.IsPathRooted(requesting))
            candidates = candidates.Prepend(Path.Combine(Path.GetDirectoryName(requesting)!, requested));
        try
        {
            string? found = candidates.FirstOrDefault(File.Exists);
            if (found is null)
                return Refusal($"{requested}: in none of the include folders ({string.Join(", ", folders)})");
            return new FileInfo(found).Length > LargestFile
                ? Refusal($"{found}: larger than {LargestFile >> 20} MiB, which no shader is")
                : (Path.GetFullPath(found), File.ReadAllBytes(found));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Refusal($"{requested}: cannot be read: {e.Message}");
        }
    }

    private static (string Path, byte[] Content) Refusal(string reason) => ("", Encoding.UTF8.GetBytes(reason));
}
