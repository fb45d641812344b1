using System.Reflection;

namespace VkInception.Fuzz;

/// <summary>The small files that the tests keep, built into the program.</summary>
internal static class Resources
{
    public static byte[] Load(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new FileNotFoundException($"no {name} is built in");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>Every file of a folder whose name ends so.</summary>
    public static IReadOnlyList<byte[]> All(string folder, string end)
        => [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(n => n.StartsWith($"{folder}/", StringComparison.Ordinal) && n.EndsWith(end, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Load)];
}
