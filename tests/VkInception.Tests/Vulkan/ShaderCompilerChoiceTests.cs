using System.Diagnostics;
using NUnit.Framework;
using Silk.NET.Shaderc;
using VkInception.Vulkan;

namespace VkInception.Tests.Vulkan;

/// <summary>Which compiler is chosen, and what is said where there is none or where it misbehaves.</summary>
[TestFixture, NonParallelizable]
public sealed class ShaderCompilerChoiceTests
{
    private const string Empty = "#version 450\nvoid main() {}";
    private static readonly string[] Variables = ["PATH", "VULKAN_SDK", ShaderCompilerCommand.PathVariable, ShadercLibrary.PathVariable];

    private readonly Dictionary<string, string?> before = [];
    private string folder = "";

    [SetUp]
    public void Remember()
    {
        foreach (string variable in Variables)
            before[variable] = Environment.GetEnvironmentVariable(variable);
        folder = Directory.CreateTempSubdirectory("vkinception-compiler-").FullName;
    }

    [TearDown]
    public void Restore()
    {
        foreach ((string variable, string? value) in before)
            Environment.SetEnvironmentVariable(variable, value);
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void CompilesWithWhatTheMachineHasAndSaysWhich()
    {
        if (ShaderCompiler.Backend.StartsWith("no Shaderc", StringComparison.Ordinal))
            Assert.Ignore(ShaderCompiler.Backend);
        Assert.That(BitConverter.ToUInt32(ShaderCompiler.Compile(Empty)), Is.EqualTo(0x07230203));
        Assert.That(ShaderCompiler.Backend, Does.StartWith("the ").And.Contain(": ").And.Not.Contain("\n"));
    }

    [Test]
    public void SaysWhatToInstallWhereThereIsNone()
    {
        Without();
        Assert.That(ShaderCompiler.Backend, Does.StartWith("no Shaderc:").And.Contain("install"));
        VkInceptionException error = Assert.Throws<VkInceptionException>(() => ShaderCompiler.Compile(Empty))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.ShaderFailed));
        Assert.That(error.Message, Does.Contain("install").And.Not.Contain("\n"));
    }

    [Test]
    public void ANamedCommandThatIsMissingIsNotReplacedSilently()
    {
        Environment.SetEnvironmentVariable(ShaderCompilerCommand.PathVariable, Path.Combine(folder, "glslc"));
        VkInceptionException error = Assert.Throws<VkInceptionException>(() => ShaderCompiler.Compile(Empty))!;
        Assert.That(error.Message, Does.Contain(folder).And.Contain(ShaderCompilerCommand.PathVariable));
    }

    [Test]
    public void AFileThatIsNoLibraryIsRefused()
    {
        string path = Path.Combine(folder, "libshaderc_shared.so");
        File.WriteAllText(path, "not a library");
        (Shaderc? api, string reason) = ShadercLibrary.Open(path);
        Assert.That(api, Is.Null);
        Assert.That(reason, Does.Contain(path));
    }

    [Test, Platform("Linux")]
    public void ALibraryThatIsNotShadercIsRefused()
    {
        (Shaderc? api, string reason) = ShadercLibrary.Open("libm.so.6");
        Assert.That(api, Is.Null);
        Assert.That(reason, Does.Contain("shaderc_compiler_initialize"));
    }

    [Test, Platform("Unix")]
    public void ACommandThatHangsIsEnded()
    {
        Script("sleep 60");
        var clock = Stopwatch.StartNew();
        VkInceptionException error = Assert.Throws<VkInceptionException>(() => ShaderCompiler.Compile(Empty, new ShaderCompileOptions { Timeout = TimeSpan.FromSeconds(0.5) }))!;
        Assert.That(error.Message, Does.Contain("did not finish within 0.5 s"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    [Test, Platform("Unix")]
    public void ACommandCanBeCancelled()
    {
        Script("sleep 60");
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(0.3));
        Assert.That(() => ShaderCompiler.Compile(Empty, null, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test, Platform("Unix")]
    public void ACommandThatReturnsRubbishIsRefused()
    {
        Script("cat >/dev/null; echo this is not SPIR-V");
        VkInceptionException error = Assert.Throws<VkInceptionException>(() => ShaderCompiler.Compile(Empty))!;
        Assert.That(error.Message, Does.Contain("not SPIR-V").And.Contain(folder));
    }

    [Test, Platform("Unix")]
    public void ACommandThatReadsNothingIsRefused()
    {
        Script("exit 3");
        string long64K = Empty + new string('\n', 1 << 20);
        VkInceptionException error = Assert.Throws<VkInceptionException>(() => ShaderCompiler.Compile(long64K))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.ShaderFailed));
    }

    [TestCase("vulkan9")]
    [TestCase("")]
    public void ATargetThatDoesNotExistIsRefused(string target) =>
        Refuses(new ShaderCompileOptions { TargetEnvironment = target }, ErrorCode.InvalidArgument, "vulkan1.2");

    [TestCase("1X", "1")]
    [TestCase("", "1")]
    [TestCase("A B", "1")]
    [TestCase("A", "1\n#error")]
    public void AMacroThatIsNoneIsRefused(string name, string value) =>
        Refuses(new ShaderCompileOptions { Defines = new Dictionary<string, string?> { [name] = value } }, ErrorCode.InvalidArgument, "macro");

    [Test]
    public void AnIncludeFolderThatIsMissingIsRefused() =>
        Refuses(new ShaderCompileOptions { IncludeFolders = [Path.Combine(folder, "none")] }, ErrorCode.FileNotFound, "none");

    [TestCase("#version 450\n", 450)]
    [TestCase("  \n// comment #version 100\n/* #version 110\n*/ #  version 460 core\n", 460)]
    [TestCase("#version 310 es", 310)]
    [TestCase("", null)]
    [TestCase("// #version 450", null)]
    [TestCase("/* #version 450", null)]
    [TestCase("void main() {}\n#version 450", null)]
    [TestCase("#version x", null)]
    [TestCase("#version 99999999999999", null)]
    public void TheVersionIsReadFromTheBeginning(string glsl, int? version) => Assert.That(ShaderVersion.Of(glsl), Is.EqualTo(version));

    private static void Refuses(ShaderCompileOptions options, ErrorCode code, string expected)
    {
        VkInceptionException error = Assert.Throws<VkInceptionException>(() => ShaderCompiler.Compile(Empty, options))!;
        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.Message, Does.Contain(expected));
    }

    private void Without()
    {
        Environment.SetEnvironmentVariable("PATH", folder);
        Environment.SetEnvironmentVariable("VULKAN_SDK", null);
        Environment.SetEnvironmentVariable(ShaderCompilerCommand.PathVariable, null);
        Environment.SetEnvironmentVariable(ShadercLibrary.PathVariable, Path.Combine(folder, "none.so"));
    }

    private void Script(string text)
    {
        string path = Path.Combine(folder, "glslc");
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable(ShaderCompilerCommand.PathVariable, path);
    }
}
