using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Silk.NET.Vulkan;
using VkInception.Tests.House;

namespace VkInception.Tests.Vulkan;

/// <summary>The device layer uses the binding only as Silk.NET could be used, so that one can take the other's place.</summary>
[TestFixture]
public sealed partial class BindingUseTests
{
    /// <summary>Silk.NET's structures have no constructor without arguments: made without any, their SType is zero.</summary>
    [Test]
    public void StructuresAreNotMadeWithoutTheirType()
    {
        HashSet<string> typed = [.. typeof(Vk).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(Vk).Namespace && t.IsValueType && t.GetField("SType", BindingFlags.Public | BindingFlags.Instance) is not null)
            .Select(t => t.Name)];
        var untyped = new List<string>();
        foreach (string path in Directory.EnumerateFiles(Repository.PathOf("src/VkInception.Vulkan"), "*.cs"))
        {
            string text = File.ReadAllText(path);
            foreach (Match match in Creation().Matches(text))
            {
                string type = match.Groups["declared"].Success ? match.Groups["declared"].Value : match.Groups["named"].Value;
                bool statesType = match.Groups["initializer"].Value.Contains("SType", StringComparison.Ordinal);
                if (typed.Contains(type) && !statesType)
                    untyped.Add($"{Path.GetFileName(path)}:{text.AsSpan(0, match.Index).Count('\n') + 1}: {type}");
            }
        }

        Assert.That(typed, Has.Count.GreaterThan(50));
        Assert.That(untyped, Is.Empty, "made without SType, which Silk.NET leaves zero");
    }

    // new T { … }, new T() and T x = new() { … }; a constructor with arguments sets the type in both.
    [GeneratedRegex(@"(?:(?<declared>\w+) \w+ = new|new (?<named>\w+))(?:\s*\(\s*\))?(?:\s*\{(?<initializer>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|(?<=\))\s*;)", RegexOptions.CultureInvariant)]
    private static partial Regex Creation();
}
