using NUnit.Framework;
using Silk.NET.Shaderc;
using VkInception.Vulkan;

namespace VkInception.Tests.Vulkan;

/// <summary>The same sources through each way to Shaderc that this machine has.</summary>
[TestFixture("library"), TestFixture("command"), NonParallelizable]
public sealed class ShaderCompilerTests(string way)
{
    private const string Good = """
        #version 450
        #extension GL_EXT_buffer_reference : require
        layout(local_size_x_id = 0) in;
        layout(buffer_reference, std430) buffer Floats { float at[]; };
        layout(push_constant) uniform Push { Floats x; Floats y; uint count; };
        void main() { uint i = gl_GlobalInvocationID.x; if (i < count) y.at[i] = x.at[i] * 2.0; }
        """;

    private IShaderCompilerBackend backend = null!;
    private string folder = "";

    [OneTimeSetUp]
    public void Find()
    {
        if (way == "library")
        {
            (Shaderc? api, string nameOrReason) = ShadercLibrary.Open(Environment.GetEnvironmentVariable(ShadercLibrary.PathVariable) ?? "");
            if (api is null)
                Assert.Ignore($"no Shaderc library can be used here: {nameOrReason}");
            backend = new ShaderCompilerLibrary(api!, nameOrReason);
        }
        else
        {
            ShaderCompilerCommand? command = ShaderCompilerCommand.Find(Environment.GetEnvironmentVariable(ShaderCompilerCommand.PathVariable) ?? "glslc");
            if (command is null)
                Assert.Ignore("no glslc on the PATH");
            backend = command!;
        }
        folder = Directory.CreateTempSubdirectory("vkinception-shaders-").FullName;
    }

    [OneTimeTearDown]
    public void RemoveFolder()
    {
        if (folder.Length > 0)
            Directory.Delete(folder, recursive: true);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void CompilesAKernel(bool optimize)
    {
        byte[] spirv = Compile(Good, new ShaderCompileOptions { Optimize = optimize });
        Assert.That(BitConverter.ToUInt32(spirv), Is.EqualTo(0x07230203));
        Assert.That(BitConverter.ToUInt32(spirv, 4), Is.EqualTo(0x00010500), "Vulkan 1.2 takes SPIR-V 1.5");
    }

    [TestCase("vulkan1.0", 0x00010000u)]
    [TestCase("vulkan1.1", 0x00010300u)]
    [TestCase("vulkan1.3", 0x00010600u)]
    public void TheTargetDecidesTheVersionOfSpirv(string target, uint version)
    {
        byte[] spirv = Compile("#version 450\nvoid main() {}", new ShaderCompileOptions { TargetEnvironment = target });
        Assert.That(BitConverter.ToUInt32(spirv, 4), Is.EqualTo(version));
    }

    [Test]
    public void ABadKernelIsRefusedWithFileAndLine()
    {
        VkInceptionException error = Fails("#version 450\nvoid main()\n{\n    float y = x;\n    z = 1;\n}", new ShaderCompileOptions { FileName = "mine.comp" });
        Assert.That(error.Message, Does.Contain("mine.comp:4: error: 'x' : undeclared identifier").And.Contain("mine.comp:5:").And.Not.Contain("\n"));
    }

    [TestCase("")]
    [TestCase("no GLSL at all")]
    [TestCase("// #version 450\nvoid main() {}")]
    [TestCase("#version 110\nvoid main() {}")]
    [TestCase("#version 450\nvoid notMain() {}")]
    [TestCase("#version 450\nvoid main() { \u0000 }")]
    public void WhatIsNoKernelIsRefused(string glsl) => Assert.That(Fails(glsl, new ShaderCompileOptions()).Message, Does.Not.Contain("\n"));

    [Test]
    public void AThousandErrorsMakeOneLine()
    {
        string glsl = "#version 450\nvoid main() {\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"a{i} = 1;\n")) + "}";
        Assert.That(Fails(glsl, new ShaderCompileOptions()).Message, Has.Length.LessThan(2000).And.Not.Contain("\n"));
    }

    [Test]
    public void MacrosAreDefined()
    {
        const string NeedsMacros = "#version 450\n#if !defined(FLAG) || VALUE != 7\n#error macros are missing\n#endif\nvoid main() {}";
        var options = new ShaderCompileOptions { Defines = new Dictionary<string, string?> { ["FLAG"] = null, ["VALUE"] = "7" } };
        Assert.That(Compile(NeedsMacros, options), Is.Not.Empty);
        Assert.That(Fails(NeedsMacros, new ShaderCompileOptions()).Message, Does.Contain("macros are missing"));
    }

    [Test]
    public void IncludesAreFoundInOrderAndNested()
    {
        string first = Directory.CreateDirectory(Path.Combine(folder, "first")).FullName;
        string second = Directory.CreateDirectory(Path.Combine(folder, "second")).FullName;
        File.WriteAllText(Path.Combine(first, "scale.glsl"), "#include \"inner/value.glsl\"\n");
        File.WriteAllText(Path.Combine(second, "scale.glsl"), "#error the first folder goes first\n");
        Directory.CreateDirectory(Path.Combine(second, "inner"));
        File.WriteAllText(Path.Combine(second, "inner", "value.glsl"), "#include \"beside.glsl\"\n");
        File.WriteAllText(Path.Combine(second, "inner", "beside.glsl"), "const float scale = 2.0;\n");
        var options = new ShaderCompileOptions { IncludeFolders = [first, second] };
        const string Including = "#version 450\n#extension GL_GOOGLE_include_directive : require\n#include \"scale.glsl\"\nvoid main() { float y = scale; }";
        Assert.That(Compile(Including, options), Is.Not.Empty);
        Assert.That(Compile(Including.Replace("\"scale.glsl\"", "<scale.glsl>", StringComparison.Ordinal), options), Is.Not.Empty);
        Assert.That(Fails(Including, new ShaderCompileOptions()).Message, Does.Contain("kernel.comp:3").And.Contain("scale.glsl"));
    }

    [Test]
    public void AFileThatIncludesItselfEnds()
    {
        File.WriteAllText(Path.Combine(folder, "endless.glsl"), "#include \"endless.glsl\"\n");
        const string Including = "#version 450\n#extension GL_GOOGLE_include_directive : require\n#include \"endless.glsl\"\nvoid main() {}";
        var options = new ShaderCompileOptions { IncludeFolders = [folder], Timeout = TimeSpan.FromSeconds(1) };
        // The command has no limit of its own for this and is ended by ours.
        Assert.That(Fails(Including, options).Message, Does.Contain("endless.glsl").Or.Contain("did not finish"));
    }

    [Test]
    public void ServesManyThreadsAtOnce()
    {
        byte[] expected = Compile(Good, new ShaderCompileOptions());
        byte[][] results = [.. Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(4).Select(_ => Compile(Good, new ShaderCompileOptions()))];
        Assert.That(results, Is.All.EqualTo(expected));
    }

    private byte[] Compile(string glsl, ShaderCompileOptions options) => ShaderCompiler.CompileWith(backend, glsl, options);

    private VkInceptionException Fails(string glsl, ShaderCompileOptions options)
    {
        VkInceptionException error = Assert.Throws<VkInceptionException>(() => Compile(glsl, options))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.ShaderFailed));
        return error;
    }
}
