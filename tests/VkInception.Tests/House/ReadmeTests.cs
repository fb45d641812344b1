using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;
using VkInception.Vulkan;

namespace VkInception.Tests.House;

/// <summary>The programs that the README shows compile against the library as it is, and do what they say.</summary>
[NonParallelizable]
public partial class ReadmeTests
{
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly string[] programs = [.. CSharpBlock().Matches(File.ReadAllText(Repository.PathOf("README.md"))).Select(m => m.Groups[1].Value)];

    private static IEnumerable<TestCaseData> Programs => programs.Select((source, i) => new TestCaseData(source).SetArgDisplayNames($"program {i + 1}"));

    [Test]
    public void TheReadmeShowsFivePrograms() => Assert.That(programs, Has.Length.EqualTo(5));

    [TestCaseSource(nameof(Programs))]
    public void AProgramCompiles(string source) => Assert.That(() => Compile(source), Throws.Nothing);

    [Test]
    public void APhotoIsClassified()
    {
        string output = Run(Containing("Classify("));

        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(5).And.All.StartsWith("class "));
        Assert.That(int.Parse(Number().Match(output).Value, System.Globalization.CultureInfo.InvariantCulture), Is.InRange(281, 285), "a cat");
    }

    [Test]
    public void TensorsRunThroughANode() => Assert.That(Run(Containing("Output = ")), Does.StartWith("2×512×14×14 in "));

    [Test]
    public void AFewStepsLowerTheLoss()
    {
        double[] losses = [.. Run(Containing("CompileTraining(")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => double.Parse(line.Split(' ')[1].TrimEnd(','), System.Globalization.CultureInfo.InvariantCulture))];

        Assert.That(losses, Has.Length.EqualTo(10));
        Assert.That(losses[^1], Is.LessThan(0.5 * losses[0]), string.Join(" ", losses));
    }

    [Test]
    public void DevicesAreListed() => Assert.That(Run(Containing("GpuDevice.List()")), Does.StartWith($"0: {GpuDevice.List()[0].Name}"));

    [Test]
    public void AnOwnKernelRuns() => Assert.That(Run(Containing("#version")).Trim(), Is.EqualTo("144"));

    [Test]
    public void TheFirstTwoCommandsAreTheMainJobAndTheTests()
    {
        string[] commands = ShellBlock().Match(File.ReadAllText(Repository.PathOf("README.md"))).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(commands[0], Does.StartWith("tools/vkinception classify "));
        Assert.That(commands[1], Is.EqualTo("tools/test.sh"));
    }

    private static string Containing(string text) => programs.Single(p => p.Contains(text, StringComparison.Ordinal));

    private static string Run(string source)
    {
        DemandDevice();
        string folder = Directory.CreateTempSubdirectory("vkinception").FullName;
        TextWriter console = Console.Out;
        using var output = new StringWriter { NewLine = "\n" };
        try
        {
            Assembly program = Assembly.Load(Compile(WithFiles(source, folder)));
            Console.SetOut(output);
            program.EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(console);
            Directory.Delete(folder, recursive: true);
        }

        return output.ToString();
    }

    private static void DemandDevice()
    {
        try
        {
            if (GpuDevice.List().Any(d => d.Unsuitable is null))
                return;
        }
        catch (VkInceptionException e) when (e.Code is ErrorCode.NoVulkanLoader or ErrorCode.NoDevice)
        {
            Assert.Ignore($"needs a Vulkan device: {e.Message}");
        }

        Assert.Ignore("needs a Vulkan device that can be used");
    }

    /// <summary>Puts the files where they are in place of their bare names; what is written goes to <paramref name="folder"/>.</summary>
    private static string WithFiles(string source, string folder)
    {
        foreach ((string name, string place) in (ReadOnlySpan<(string, string)>)
            [
                ("googlenet_imagenet.onnx", "onnx/googlenet_imagenet.onnx"), ("cat.jpg", "images/cat.jpg"),
                ("bvlc_googlenet_input.npy", "caffe/bvlc_googlenet_input.npy"), ("bvlc_googlenet.caffemodel", "caffe/bvlc_googlenet_seeded.caffemodel"),
            ])
        {
            if (source.Contains($"\"{name}\"", StringComparison.Ordinal))
                source = source.Replace($"\"{name}\"", $"@\"{Repository.SharedData(place)}\"", StringComparison.Ordinal);
        }

        return source.Replace("\"inception_4a.npy\"", $"@\"{Path.Combine(folder, "inception_4a.npy")}\"", StringComparison.Ordinal);
    }

    private static byte[] Compile(string source)
    {
        string assemblies = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            $"readme{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(source, options), CSharpSyntaxTree.ParseText(ImplicitUsings, options)],
            assemblies.Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        IEnumerable<Diagnostic> faults = result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning);
        if (!result.Success)
            throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
        return image.ToArray();
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
