using System.Text.RegularExpressions;
using NUnit.Framework;

namespace VkInception.Tests.House;

/// <summary>What keeps the repository in order: its top level, the length of files, no trace of anybody's machine.</summary>
public partial class HouseRulesTests
{
    private const int MaximumLines = 400;

    private static readonly string[] topLevel =
    [
        "src", "shaders", "tests", "benchmarks", "tools",
        "VkInception.sln", "README.md", "LICENSE", "global.json", "Directory.Build.props", "Directory.Packages.props",
    ];

    private static readonly string[] outputs = ["artifacts", "TestResults", "BenchmarkDotNet.Artifacts"];

    [Test]
    public void NothingElseIsAtTheTopLevel()
    {
        IEnumerable<string> entries = Directory.EnumerateFileSystemEntries(Repository.Root)
            .Select(path => Path.GetFileName(path)!)
            .Where(name => !name.StartsWith('.') && !outputs.Contains(name));

        Assert.That(entries, Is.EquivalentTo(topLevel));
    }

    [Test]
    public void NoSourceFileIsTooLongToRead()
    {
        var tooLong = Repository.SourceFiles(".cs", ".comp", ".glsl", ".sh")
            .Where(path => !path.EndsWith(".g.cs", StringComparison.Ordinal))
            .Select(path => (Path: path, Lines: File.ReadLines(Repository.PathOf(path)).Count()))
            .Where(file => file.Lines > MaximumLines);

        Assert.That(tooLong, Is.Empty, $"files above {MaximumLines} lines");
    }

    [Test]
    public void NoFileNamesAFolderOfOneMachine()
    {
        var lines = Repository.SourceFiles(".cs", ".comp", ".glsl", ".sh", ".md", ".csproj", ".props", ".targets", ".json", ".py", ".txt", "")
            .SelectMany(path => File.ReadLines(Repository.PathOf(path)).Select((text, index) => (Where: $"{path}:{index + 1}", Text: text)))
            .Where(line => MachineFolder().IsMatch(line.Text))
            .Select(line => line.Where);

        Assert.That(lines, Is.Empty);
    }

    // The rule would find itself if the folders stood here in one piece.
    [GeneratedRegex("(^|[\\s\"'`(=:])/(" + "work|home|root|Users" + ")/[a-z]", RegexOptions.CultureInvariant)]
    private static partial Regex MachineFolder();
}
