using System.Security.Cryptography;
using NUnit.Framework;
using VkInception.Tests.House;
using VkInception.Vulkan;

namespace VkInception.Tests.Kernels;

/// <summary>Kernels whose SPIR-V is committed are what their sources say.</summary>
internal sealed class PrebuiltShaderTests
{
    private static readonly string folder = Repository.PathOf("shaders/prebuilt");

    private static IEnumerable<string> Names => Directory.GetFiles(folder, "*.comp").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names))]
    public void SourceAndCodeAreThoseOfTheTable(string name)
    {
        string[] table = File.ReadAllLines(Path.Combine(folder, "README.md"));
        foreach (string file in (string[])[$"{name}.comp", $"{name}.half.spv"])
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, file))));
            Assert.That(table, Has.One.EqualTo($"| `{file}` | {hash} |"), $"{file} changed: compile again as shaders/prebuilt/README.md says");
        }
    }

    [TestCaseSource(nameof(Names))]
    public void TheSourceCompilesToTheCode(string name)
    {
        string source = File.ReadAllText(Path.Combine(folder, $"{name}.comp"));
        byte[] committed = File.ReadAllBytes(Path.Combine(folder, $"{name}.half.spv"));
        byte[] compiled = Compile(name, source);
        if (compiled.AsSpan().SequenceEqual(committed)) return;
        // Another compiler's instructions differ; what the host sees must not.
        SpirvModule expected = SpirvModule.Load(committed, name), found = SpirvModule.Load(compiled, name);
        Assert.That(found.Push, Is.EqualTo(expected.Push));
        Assert.That(found.Specialization, Is.EqualTo(expected.Specialization));
        Assert.Warn($"{ShaderCompiler.Backend}: compiles {name} to other instructions than the committed ones; same interface");
    }

    private static byte[] Compile(string name, string source)
    {
        try
        {
            return ShaderCompiler.Compile(source, new ShaderCompileOptions { FileName = $"{name}.comp" });
        }
        catch (VkInceptionException e) when (e.Message.Contains("cooperative_matrix", StringComparison.Ordinal) || e.Message.StartsWith("no Shaderc", StringComparison.Ordinal))
        {
            Assert.Ignore($"no compiler that knows cooperative matrices: {e.Message.Split('\n')[0]}");
            throw;
        }
    }
}
