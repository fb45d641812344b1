using System.Text.Json;
using NUnit.Framework;
using VkInception.Cli.Commands;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Vulkan;
using VkInception.Weights;

namespace VkInception.Tests.Cli;

/// <summary>The commands that need a device, from words to numbers; JSON names are those of the contract.</summary>
public class DeviceCommandTests
{
    private const string FirstLayer = "conv1/7x7_s2";

    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-cli-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task RunFetchesWhatTheNodeComputes()
    {
        string weights = WriteSeededWeights(), input = Path.Combine(folder, "x.npy"), output = Path.Combine(folder, "y.npy");
        float[] x = new SeededWeights(7).Uniform("x", 3 * 224 * 224);
        NpyWriter.Write(input, [1, 3, 224, 224], x);

        Invocation run = await Invocation.RunAsync("run", "googlenet", "--weights", weights, "--input", input, "--output", output, "--fetch", FirstLayer, "--json");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Json.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()), Is.EqualTo(new[] { 1, 64, 112, 112 }));
        NpyArray<float> y = NpyReader.ReadFloat32(output);
        Assert.That(y.Shape, Is.EqualTo(new[] { 1, 64, 112, 112 }));
        using GpuDevice device = GpuDevice.Open();
        using Model model = Model.Load("googlenet").WithWeights(new SeededWeights());
        using CompiledModel compiled = model.Compile(device, new CompileOptions { Output = FirstLayer });
        float[] expected = compiled.Run(x);
        Assert.That(expected, Has.Some.GreaterThan(0.1f));
        Assert.That(y.Values, Is.EqualTo(expected).Within(1e-5f));
    }

    [Test]
    public async Task BenchReportsTheNumbersOfTheContract()
    {
        Invocation bench = await Invocation.RunAsync("bench", "--model", "googlenet", "--json");

        Assert.That(bench.ExitCode, Is.Zero, bench.Error);
        foreach (string name in (string[])["medianMs", "p95Ms", "imagesPerSecond", "gflops", "peakFraction", "firstResultMs", "deviceBytes"])
            Assert.That(bench.Json.GetProperty(name).GetDouble(), Is.GreaterThan(0), name);
        double median = bench.Json.GetProperty("medianMs").GetDouble();
        Assert.That(bench.Json.GetProperty("p95Ms").GetDouble(), Is.GreaterThanOrEqualTo(median));
        Assert.That(bench.Json.GetProperty("imagesPerSecond").GetDouble(), Is.EqualTo(1000 / median).Within(1e-6));
        Assert.That(bench.Json.GetProperty("gflops").GetDouble(), Is.EqualTo(2 * 1.582671872 / median * 1000).Within(1e-6));
    }

    [TestCase(1)]
    [TestCase(4)]
    public async Task BenchRunsAsOftenAsAsked(int runs)
    {
        Invocation bench = await Invocation.RunAsync("bench", "--model", "lenet5", "--runs", $"{runs}", "--json");

        Assert.That(bench.ExitCode, Is.Zero, bench.Error);
        Assert.That(bench.Json.GetProperty("runs").GetInt32(), Is.EqualTo(runs));
    }

    [Test]
    public async Task BenchMeasuresEveryLayerUnderTheRoof()
    {
        Invocation bench = await Invocation.RunAsync("bench", "--model", "lenet5", "--roofline", "--json");

        Assert.That(bench.ExitCode, Is.Zero, bench.Error);
        double arithmetic = bench.Json.GetProperty("peakGflops").GetDouble(), memory = bench.Json.GetProperty("peakGigabytesPerSecond").GetDouble();
        JsonElement[] layers = [.. bench.Json.GetProperty("layers").EnumerateArray()];
        Assert.That(memory, Is.GreaterThan(0));
        Assert.That(layers.Sum(l => l.GetProperty("multiplyAdds").GetInt64()), Is.EqualTo(416_520));
        foreach (JsonElement layer in layers)
        {
            double milliseconds = layer.GetProperty("milliseconds").GetDouble(), gflops = layer.GetProperty("gflops").GetDouble(), traffic = layer.GetProperty("gigabytesPerSecond").GetDouble();
            Assert.That(gflops, Is.EqualTo(layer.GetProperty("multiplyAdds").GetInt64() * 2e-6 / milliseconds).Within(1e-6).Percent);
            Assert.That(traffic, Is.EqualTo(layer.GetProperty("bytes").GetInt64() * 1e-6 / milliseconds).Within(1e-6).Percent);
            Assert.That(layer.GetProperty("rooflineShare").GetDouble(), Is.EqualTo(Math.Max(gflops / arithmetic, traffic / memory)).Within(1e-6).Percent);
        }

        // conv1 reads 32×32 pixels, 6 filters of 5×5 and their biases, and writes 28×28 pixels of 6 channels.
        Assert.That(layers[0].GetProperty("bytes").GetInt64(), Is.EqualTo(4 * ((32 * 32) + (6 * 25) + 6 + (28 * 28 * 6))));
    }

    [Test]
    public async Task LayersAreMeasuredInInferenceOnly()
    {
        Invocation refused = await Invocation.RunAsync("bench", "--train", "--roofline");

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.ErrorLines, Has.Length.EqualTo(1).And.All.Contains("leave --train out"));
    }

    [Test]
    public async Task PlanListsStepsAndBlocksThatAddUp()
    {
        Invocation plan = await Invocation.RunAsync("plan", "googlenet", "--json");

        Assert.That(plan.ExitCode, Is.Zero, plan.Error);
        Assert.That(plan.Json.GetProperty("model").GetString(), Is.EqualTo("googlenet"));
        Assert.That(plan.Json.GetProperty("batch").GetInt32(), Is.EqualTo(1));
        Assert.That(plan.Json.GetProperty("steps").EnumerateArray().Count(), Is.EqualTo(plan.Json.GetProperty("launches").GetInt32()));
        Assert.That(plan.Json.GetProperty("steps").EnumerateArray().Count(s => s.GetProperty("barrierBefore").GetBoolean()), Is.EqualTo(plan.Json.GetProperty("barriers").GetInt32()));
        Assert.That(plan.Json.GetProperty("steps").EnumerateArray().Max(s => s.GetProperty("level").GetInt32()), Is.LessThanOrEqualTo(plan.Json.GetProperty("levels").GetInt32()));
        Assert.That(
            plan.Json.GetProperty("steps")[0].EnumerateObject().Select(p => p.Name),
            Is.EqualTo(new[] { "level", "node", "operation", "kernel", "reason", "barrierBefore", "chosenBy", "milliseconds", "runnerUp", "runnerUpMilliseconds", "heuristic", "heuristicMilliseconds" }));
        Assert.That(
            plan.Json.GetProperty("blocks")[0].EnumerateObject().Select(p => p.Name),
            Is.EquivalentTo(new[] { "tensor", "offset", "bytes", "firstLevel", "lastLevel" }));
        Assert.That(plan.Json.GetProperty("peakBytes").GetInt64(), Is.Positive.And.LessThanOrEqualTo(plan.Json.GetProperty("arenaBytes").GetInt64()));
        Assert.That(plan.Json.GetProperty("parameterBytes").GetInt64(), Is.GreaterThanOrEqualTo(6_998_552 * 4));
    }

    [Test]
    public async Task DevicesTellsOfEveryDeviceWhatTheContractNames()
    {
        Invocation devices = await Invocation.RunAsync("devices", "--json");

        Assert.That(devices.ExitCode, Is.Zero, devices.Error);
        Assert.That(
            devices.Json[0].EnumerateObject().Select(p => p.Name),
            Is.EquivalentTo(new[]
            {
                "index", "name", "type", "uuid", "driver", "driverVersion", "apiVersion", "memoryBytes", "unifiedMemory",
                "subgroupSize", "minSubgroupSize", "maxSubgroupSize", "sharedMemoryBytes", "maxWorkgroupInvocations",
                "fp16", "fp64", "int8", "timestamps", "cooperativeMatrix", "unsuitable", "auto", "reason",
            }));
        Assert.That(devices.Json.EnumerateArray().Select(d => d.GetProperty("name").GetString()), Is.EqualTo(GpuDevice.List().Select(d => d.Name)));
        Assert.That(devices.Json.EnumerateArray().Count(d => d.GetProperty("auto").GetBoolean()), Is.LessThanOrEqualTo(1));
    }

    [Test]
    public async Task PlanInHalfPrecisionTakesHalfTheMemory()
    {
        Invocation single = await Invocation.RunAsync("plan", "googlenet", "--json"), half = await Invocation.RunAsync("plan", "googlenet", "--precision", "fp16", "--json");

        Assert.That(half.ExitCode, Is.Zero, half.Error);
        Assert.That(half.Json.GetProperty("precision").GetString(), Is.EqualTo("fp16"));
        Assert.That(single.Json.GetProperty("precision").GetString(), Is.EqualTo("fp32"));
        foreach (string bytes in (string[])["arenaBytes", "parameterBytes", "deviceBytes"])
            Assert.That(half.Json.GetProperty(bytes).GetInt64(), Is.LessThan(0.51 * single.Json.GetProperty(bytes).GetInt64()), bytes);
    }

    [TestCase(DeviceType.DiscreteGpu, false, "")]
    [TestCase(DeviceType.DiscreteGpu, true, " host-visible")]
    [TestCase(DeviceType.IntegratedGpu, true, " shared with the host")]
    [TestCase(DeviceType.Cpu, true, " shared with the host")]
    public void MemoryIsTheHostsOnlyWhereTheDeviceHasNoneOfItsOwn(DeviceType type, bool unified, string words)
        => Assert.That(DevicesCommand.Memory(GpuDevice.List()[0] with { Type = type, UnifiedMemory = unified, MemoryBytes = 1ul << 30 }), Is.EqualTo("1 GiB" + words));

    private string WriteSeededWeights()
    {
        string path = Path.Combine(folder, "seeded.safetensors");
        var seeded = new SeededWeights();
        ModelCard card = ModelZoo.Find("googlenet");
        using Model model = Model.Load("googlenet");
        IEnumerable<Parameter> parameters = model.Network().Nodes.SelectMany(n => n.Parameters)
            .Where(p => !card.AuxiliaryPrefixes.Any(prefix => p.Name.StartsWith(prefix, StringComparison.Ordinal)));
        SafetensorsWriter.Write(path, parameters.Select(p => NamedTensor.FromFloat32(p.Name, p.Shape.Dims, seeded.Read(p))));
        return path;
    }
}
