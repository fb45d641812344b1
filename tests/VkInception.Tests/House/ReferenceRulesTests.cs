using NUnit.Framework;

namespace VkInception.Tests.House;

/// <summary>Who may reference whom: the device layer, the graph, the weights and the images know nothing of each other.</summary>
public class ReferenceRulesTests
{
    [TestCase("VkInception.Core")]
    [TestCase("VkInception.Vulkan", "VkInception.Core")]
    [TestCase("VkInception.Graph", "VkInception.Core")]
    [TestCase("VkInception.Weights", "VkInception.Core")]
    [TestCase("VkInception.Imaging", "VkInception.Core")]
    [TestCase("VkInception", "VkInception.Core", "VkInception.Graph", "VkInception.Vulkan", "VkInception.Weights")]
    public void AProjectReferencesOnlyWhatItMayKnow(string project, params string[] allowed) =>
        Assert.That(Repository.ReferencesOf(project), Is.SubsetOf(allowed));

    [Test]
    public void EveryProjectOfTheLibraryHasARule()
    {
        string[] ruled = ["VkInception", "VkInception.Core", "VkInception.Graph", "VkInception.Imaging", "VkInception.Vulkan", "VkInception.Weights"];
        IEnumerable<string> projects = Repository.SourceFiles(".csproj")
            .Where(path => path.StartsWith("src/", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path));

        Assert.That(projects, Is.EquivalentTo(ruled));
    }

    [Test]
    public void OnlyTheDeviceLayerMayBeUnsafe()
    {
        IEnumerable<string> unsafeProjects = Repository.SourceFiles(".csproj", ".props", ".targets")
            .Where(path => File.ReadAllText(Repository.PathOf(path)).Contains("<AllowUnsafeBlocks>true", StringComparison.OrdinalIgnoreCase));

        Assert.That(unsafeProjects, Is.SubsetOf(new[] { "src/VkInception.Vulkan/VkInception.Vulkan.csproj" }));
    }
}
