using NUnit.Framework;

namespace VkInception.Tests.Weights;

/// <summary>The committed files of the folder Golden and the values that make_golden.py puts into them.</summary>
internal static class Golden
{
    public static string Root { get; } = FindRoot();

    public static string File(string name) => Path.Combine(Root, "tests", "VkInception.Tests", "Weights", "Golden", name);

    public static byte[] Bytes(string name) => System.IO.File.ReadAllBytes(File(name));

    /// <summary>A file of the shared data folder; the test is skipped where that is absent.</summary>
    public static string Shared(string relative)
    {
        string path = Path.Combine(Root, "..", "shared", "data", relative);
        if (!System.IO.File.Exists(path))
            Assert.Ignore($"needs ../shared/data/{relative}, which is not here");
        return path;
    }

    public static float[] Values(int count, int number) => [.. Enumerable.Range(0, count).Select(i => (i % 64 - 20) * 0.25f + number)];

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "VkInception.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No folder above the tests holds VkInception.sln.");
    }
}
