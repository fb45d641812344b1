using NUnit.Framework;
using VkInception.BindingGenerator;
using VkInception.Tests.House;

namespace VkInception.Tests.Vulkan;

[TestFixture, NonParallelizable]
public sealed class BindingGeneratorTests
{
    private const string PathVariable = "VKINCEPTION_VK_XML";

    private const string Versioned = "<registry><types><type category=\"define\">#define <name>VK_HEADER_VERSION</name> 7</type>"
        + "<type category=\"define\">#define <name>VK_HEADER_VERSION_COMPLETE</name> M(0, 1, 0, X)</type></types>";

    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-binding-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void GivesTheCommittedFilesByteForByte()
    {
        string committed = CommittedVersion();
        var found = new List<string>();
        foreach (string registry in Registries())
        {
            Binding binding = Binding.Generate(registry);
            found.Add(binding.Version);
            if (binding.Version != committed)
                continue;
            IEnumerable<string> generatedFiles = Directory.EnumerateFiles(Repository.PathOf("src/VkInception.Vulkan/Interop"), "*.g.cs").Select(f => Path.GetFileName(f)!);
            Assert.That(binding.Files.Keys, Is.EquivalentTo(generatedFiles));
            foreach ((string name, string text) in binding.Files)
                Assert.That(File.ReadAllText(Repository.PathOf($"src/VkInception.Vulkan/Interop/{name}")), Is.EqualTo(text), name);
            return;
        }
        Assert.Ignore($"the binding was written from registry {committed}; found {(found.Count == 0 ? "no vk.xml" : string.Join(", ", found))}. Name another by {PathVariable}");
    }

    [Test]
    public void TheSameRegistryGivesTheSameFiles()
    {
        string registry = Registries().FirstOrDefault() ?? Ignore();
        IReadOnlyDictionary<string, string> again = Binding.Generate(registry).Files;
        Assert.That(Binding.Generate(registry).Files, Is.EqualTo(again));
    }

    [Test]
    public void WritesTheFilesItIsAskedFor()
    {
        string registry = Registries().FirstOrDefault() ?? Ignore();
        Assert.That(Run(registry, folder).Code, Is.Zero);
        Assert.That(File.ReadAllText(Path.Combine(folder, "Enums.g.cs")), Does.Contain("internal enum Result : int").And.Contain("ErrorOutOfDeviceMemory = -2,"));
    }

    [Test]
    public void WrongUsageIsAnsweredWithUsage()
    {
        (int code, string error) = Run("vk.xml");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("usage:"));
    }

    [TestCase(null, "no-such.xml")]
    [TestCase("", "not well-formed XML")]
    [TestCase("<registry", "not well-formed XML")]
    [TestCase("<html></html>", "not a Vulkan registry")]
    [TestCase("<registry></registry>", "VK_HEADER_VERSION_COMPLETE")]
    [TestCase(Versioned + "</registry>", "has no such command")]
    [TestCase(Versioned + "<enums type=\"enum\" name=\"VkX\"><enum name=\"VK_X\" value=\"y\"/></enums></registry>", "'y'")]
    [TestCase(Versioned + "<enums type=\"enum\" name=\"VkX\"><enum value=\"1\"/></enums></registry>", "lacks 'name'")]
    [TestCase(Versioned + "<commands><command/></commands></registry>", "no prototype")]
    public void ARegistryThatCannotBeReadIsRefusedInOneLine(string? content, string expected)
    {
        string path = Path.Combine(folder, "no-such.xml");
        if (content is not null)
            File.WriteAllText(path, content);
        (int code, string error) = Run(path, folder);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error.TrimEnd('\n', '\r'), Does.Contain(expected).And.Not.Contain("\n"));
    }

    [TestCase("core 1.3\nflavour sweet", "binding.txt(2)")]
    [TestCase("command", "binding.txt(1)")]
    [TestCase("core x", "binding.txt(1)")]
    public void AListThatIsNotUnderstoodIsRefusedWithItsLine(string list, string expected) =>
        Assert.That(() => WantedList.Parse(list), Throws.TypeOf<GeneratorException>().With.Message.Contains(expected));

    private static (int Code, string Error) Run(params string[] args)
    {
        TextWriter standard = Console.Error;
        using var captured = new StringWriter();
        Console.SetError(captured);
        try
        {
            return (BindingGenerator.Program.Main(args), captured.ToString());
        }
        finally
        {
            Console.SetError(standard);
        }
    }

    private static IEnumerable<string> Registries()
    {
        string?[] places = [Environment.GetEnvironmentVariable(PathVariable), "/usr/share/vulkan/registry/vk.xml", "/usr/local/share/vulkan/registry/vk.xml",
            Environment.GetEnvironmentVariable("VULKAN_SDK") is { } sdk ? Path.Combine(sdk, "share/vulkan/registry/vk.xml") : null];
        return places.OfType<string>().Where(File.Exists);
    }

    private static string CommittedVersion()
    {
        string line = File.ReadLines(Repository.PathOf("src/VkInception.Vulkan/Interop/Enums.g.cs")).ElementAt(1);
        return line.Split("registry ")[1].Split(';')[0];
    }

    private static string Ignore()
    {
        Assert.Ignore($"no vk.xml on this machine; name one by {PathVariable}");
        return "";
    }
}
