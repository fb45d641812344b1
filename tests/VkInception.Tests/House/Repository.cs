using System.Xml.Linq;
using NUnit.Framework;

namespace VkInception.Tests.House;

/// <summary>The checkout that the tests were built from: the folder above the test assembly that holds the solution.</summary>
internal static class Repository
{
    private static readonly string[] buildFolders = ["bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>A file or folder of the data beside the checkout; the test is visibly skipped where it is absent.</summary>
    public static string SharedData(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", relative));
        if (!Path.Exists(path))
        {
            Assert.Ignore($"needs ../shared/data/{relative}, which does not stand beside this checkout");
        }

        return path;
    }

    /// <summary>Every source file, relative to the root with forward slashes; build outputs and hidden folders left out.</summary>
    public static IEnumerable<string> SourceFiles(params string[] extensions) =>
        Walk(new DirectoryInfo(Root))
            .Where(file => extensions.Length == 0 || extensions.Contains(file.Extension, StringComparer.Ordinal))
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'));

    /// <summary>The names of the projects that a project of <c>src</c> references.</summary>
    public static IEnumerable<string> ReferencesOf(string project) =>
        ProjectFile(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    public static XDocument ProjectFile(string project) => XDocument.Load(PathOf($"src/{project}/{project}.csproj"));

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles())
        {
            yield return file;
        }

        foreach (DirectoryInfo child in folder.EnumerateDirectories())
        {
            bool hidden = child.Name.StartsWith('.') && child.Name != ".ci";
            if (hidden || buildFolders.Contains(child.Name))
            {
                continue;
            }

            foreach (FileInfo file in Walk(child))
            {
                yield return file;
            }
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VkInception.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds VkInception.sln");
    }
}
