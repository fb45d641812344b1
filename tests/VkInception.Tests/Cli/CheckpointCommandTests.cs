using System.Collections.Immutable;
using System.Text.Json;
using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Weights;

namespace VkInception.Tests.Cli;

/// <summary><c>inspect</c> and <c>import</c>.</summary>
public class CheckpointCommandTests
{
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("vkinception").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task InspectTellsShapeTypeAndStatistics()
    {
        string file = Save(NamedTensor.FromFloat32("a", [2, 2], new float[] { -1, 0, 1, 4 }));

        Invocation inspect = await Invocation.RunAsync("inspect", file, "--json");

        JsonElement tensor = inspect.Json.GetProperty("tensors").EnumerateArray().Single();
        Assert.That(inspect.ExitCode, Is.Zero);
        Assert.That(inspect.Json.GetProperty("format").GetString(), Is.EqualTo("safetensors"));
        Assert.That(tensor.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()), Is.EqualTo(new[] { 2, 2 }));
        Assert.That(tensor.GetProperty("type").GetString(), Is.EqualTo("float32"));
        Assert.That(tensor.GetProperty("min").GetDouble(), Is.EqualTo(-1));
        Assert.That(tensor.GetProperty("max").GetDouble(), Is.EqualTo(4));
        Assert.That(tensor.GetProperty("mean").GetDouble(), Is.EqualTo(1));
        Assert.That(tensor.GetProperty("std").GetDouble(), Is.EqualTo(Math.Sqrt(3.5)).Within(1e-12));
    }

    [Test]
    public async Task InspectWarnsOfNaNAndKeepsItsJsonValid()
    {
        string file = Save(NamedTensor.FromFloat32("a", [2], new[] { float.NaN, float.NaN }));

        Invocation json = await Invocation.RunAsync("inspect", file, "--json");
        Invocation text = await Invocation.RunAsync("inspect", file);

        JsonElement tensor = json.Json.GetProperty("tensors").EnumerateArray().Single();
        Assert.That(tensor.GetProperty("nanCount").GetInt64(), Is.EqualTo(2));
        Assert.That(tensor.GetProperty("mean").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(text.ExitCode, Is.Zero);
        Assert.That(text.ErrorLines, Has.Length.EqualTo(1).And.All.Contains("2 NaN"));
    }

    [Test]
    public async Task ImportDoesNotWriteOverItsSource()
    {
        string file = Save([.. Parameters("googlenet").Select(p => Zeros(p.Name, p.Shape))]);
        byte[] before = File.ReadAllBytes(file);

        Invocation import = await Invocation.RunAsync("import", file, "--model", "googlenet", "-o", Path.Combine(folder, ".", Path.GetFileName(file)));

        Assert.That(import.ExitCode, Is.EqualTo(1));
        Assert.That(import.ErrorLines, Has.Length.EqualTo(1).And.All.Contains("name another file"));
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(before));
    }

    [Test]
    public async Task ImportWritesTheNetworksTensorsWithTheirOrigin()
    {
        string file = Save([.. Parameters("googlenet").Select(p => Zeros(p.Name, p.Shape))]);
        string output = Path.Combine(folder, "out.safetensors");

        Invocation import = await Invocation.RunAsync("import", file, "--model", "googlenet", "-o", output, "--json");

        Assert.That(import.ExitCode, Is.Zero, import.Error);
        using Checkpoint written = Checkpoint.Open(output);
        Assert.That(written.Tensors.Select(t => t.Name), Is.EquivalentTo(Parameters("googlenet").Select(p => p.Name)));
        Assert.That(written.Metadata["model"], Is.EqualTo("googlenet"));
        Assert.That(written.Metadata["source"], Is.EqualTo("in.safetensors"));
        Assert.That(written.Metadata["sha256"], Is.EqualTo(import.Json.GetProperty("sha256").GetString()).And.Length.EqualTo(64));
    }

    [Test]
    public async Task ImportDoesWithoutAuxiliaryHeads()
    {
        string file = Save([.. Parameters("googlenet").Where(p => !p.Name.StartsWith("loss1/", StringComparison.Ordinal)).Select(p => Zeros(p.Name, p.Shape))]);

        Invocation import = await Invocation.RunAsync("import", file, "--model", "googlenet", "-o", Path.Combine(folder, "out.safetensors"), "--json");

        Assert.That(import.ExitCode, Is.Zero, import.Error);
        Assert.That(import.Json.GetProperty("missingAuxiliary").EnumerateArray().Select(n => n.GetString()), Has.All.StartsWith("loss1/").And.Not.Empty);
    }

    [Test]
    public async Task ImportListsEveryMissingExtraAndMisshapenTensorAtOnce()
    {
        NamedTensor[] tensors =
        [
            .. Parameters("googlenet").Where(p => p.Name is not ("conv1/7x7_s2.weight" or "inception_5b/1x1.bias" or "loss3/classifier.bias")).Select(p => Zeros(p.Name, p.Shape)),
            Zeros("loss3/classifier.bias", [10]),
            Zeros("stranger", [1]),
        ];
        string output = Path.Combine(folder, "out.safetensors");

        Invocation import = await Invocation.RunAsync("import", Save(tensors), "--model", "googlenet", "-o", output);

        Assert.That(import.ExitCode, Is.EqualTo(1));
        Assert.That(import.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(import.Error, Does.Contain("conv1/7x7_s2.weight").And.Contain("inception_5b/1x1.bias").And.Contain("loss3/classifier.bias").And.Contain("stranger"));
        Assert.That(output, Does.Not.Exist);
    }

    [Test]
    public async Task ImportWarnsOfNaNWeights()
    {
        NamedTensor[] tensors = [.. Parameters("googlenet").Select(p => p.Name == "conv1/7x7_s2.bias" ? NaN(p) : Zeros(p.Name, p.Shape))];

        Invocation import = await Invocation.RunAsync("import", Save(tensors), "--model", "googlenet", "-o", Path.Combine(folder, "out.safetensors"), "--quiet");

        Assert.That(import.ExitCode, Is.Zero);
        Assert.That(import.ErrorLines, Has.Length.EqualTo(1).And.All.Contains("conv1/7x7_s2.bias").And.All.Contains("64 NaN"));
    }

    [TestCase("inspect", "missing.npz")]
    [TestCase("inspect", ".")]
    [TestCase("import", "missing.pth", "--model", "googlenet", "-o", "out.safetensors")]
    public async Task AFileThatIsNotThereIsOneLine(params string[] arguments)
    {
        Invocation missing = await Invocation.RunAsync(arguments);

        Assert.That(missing.ExitCode, Is.EqualTo(1));
        Assert.That(missing.Output, Is.Empty);
        Assert.That(missing.ErrorLines, Has.Length.EqualTo(1));
    }

    private static ImmutableArray<Parameter> Parameters(string model) => ModelZoo.Find(model).Build(new ModelOptions()).Parameters;

    private static NamedTensor Zeros(string name, Shape shape) => NamedTensor.FromFloat32(name, shape.Dims, new float[shape.Count]);

    private static NamedTensor NaN(Parameter parameter)
    {
        var values = new float[parameter.Shape.Count];
        Array.Fill(values, float.NaN);
        return NamedTensor.FromFloat32(parameter.Name, parameter.Shape.Dims, values);
    }

    private string Save(params NamedTensor[] tensors)
    {
        string file = Path.Combine(folder, "in.safetensors");
        SafetensorsWriter.Write(file, tensors);
        return file;
    }
}
