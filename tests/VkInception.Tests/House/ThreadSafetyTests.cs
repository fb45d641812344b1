using System.Text.RegularExpressions;
using NUnit.Framework;

namespace VkInception.Tests.House;

/// <summary>Whoever uses a public class reads in its documentation whether several threads may.</summary>
public partial class ThreadSafetyTests
{
    [Test]
    public void EveryPublicClassSaysWhetherItIsThreadSafe()
    {
        string[] silent =
        [
            .. Repository.SourceFiles(".cs")
                .Where(path => path.StartsWith("src/", StringComparison.Ordinal) && !path.EndsWith(".g.cs", StringComparison.Ordinal))
                .Select(path => (Path: path, Text: File.ReadAllText(Repository.PathOf(path))))
                .Where(file => PublicClass().Match(file.Text) is { Success: true } found && !SaysSo(file.Text[..found.Index]))
                .Select(file => file.Path),
        ];

        Assert.That(silent, Is.Empty, "no word of threads in the documentation of the class");
    }

    private static bool SaysSo(string head) =>
        head.Split('\n').Where(line => line.StartsWith("///", StringComparison.Ordinal)).Any(line => line.Contains("thread", StringComparison.OrdinalIgnoreCase));

    /// <summary>Records are values, static classes have no state: neither needs the word.</summary>
    [GeneratedRegex(@"^public (sealed |abstract |unsafe |partial )*class \w+", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex PublicClass();
}
