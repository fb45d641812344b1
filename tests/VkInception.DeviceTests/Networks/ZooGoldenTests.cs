using System.Text.Json;
using VkInception.Graph.Training;

namespace VkInception.DeviceTests.Networks;

/// <summary>Networks of the zoo with seeded weights, at reduced sizes, against PyTorch's results in float64 (Golden/make_zoo_golden.py).</summary>
/// <remarks>VGG and AlexNet are read before their linear layers, whose 50 to 120 million weights would take most of the time; LeNet-5 tests such layers.</remarks>
internal sealed class ZooGoldenTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const ulong Seed = 2014;
    private const int Batch = 2;

    /// <summary>Half the bound of the acceptance: a share of the largest value.</summary>
    private const float Tolerance = 1e-4f;

    private static readonly string[] Networks =
    [
        "lenet5", "alexnet", "alexnet-bvlc", "nin", "vgg16", "vgg11_bn", "googlenet-naive", "inception_v2", "inception_v3", "inception_v4",
        "resnet18", "resnet50", "resnet20-cifar", "squeezenet1_0", "squeezenet1_1", "densenet121",
    ];

    /// <summary>Half rounds to one part in 2048; the worst here is 1.2e-3 (resnet50, inception_v4).</summary>
    private const double HalfTolerance = 2e-3;

    [TestCaseSource(nameof(Networks))]
    public void ResultsAreTheReferences(string name) => Assert.That(Deviation(name, Precision.Single), Is.LessThanOrEqualTo(Tolerance));

    [TestCaseSource(nameof(Networks))]
    public void ResultsInHalfStayClose(string name)
    {
        if (!Device.Info.Storage16Bit) Assert.Ignore($"{Device.Info.Name} has no half-precision storage");
        Assert.That(Deviation(name, Precision.Half), Is.LessThanOrEqualTo(HalfTolerance).And.GreaterThan(1e-6), "and not single precision");
    }

    /// <summary>The largest difference as a share of the largest value.</summary>
    private double Deviation(string name, Precision precision)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Networks", "Golden", "zoo.json")));
        JsonElement golden = document.RootElement.GetProperty(name);
        int size = golden.GetProperty("size").GetInt32(), step = golden.GetProperty("step").GetInt32();
        var options = new CompileOptions { Batch = Batch, Height = size, Width = size, Classes = 10, Precision = precision, Output = golden.GetProperty("output").GetString() };
        using Model model = Model.Load(name).WithWeights(new SeededWeights(Seed));
        using CompiledModel compiled = model.Compile(Device, options);
        float[] found = compiled.Run(new SeededWeights(Seed).Uniform("input", (int)compiled.InputShape.Count));

        Assert.That(compiled.OutputShape.Dims, Is.EqualTo(golden.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32())));
        double largest = golden.GetProperty("largest").GetDouble();
        double deviation = golden.GetProperty("values").EnumerateArray().Select((v, i) => Math.Abs(v.GetDouble() - found[i * step])).Max() / largest;
        TestContext.Out.WriteLine($"{name}, {precision}: largest deviation {deviation:E2} of the maximum {largest}");
        return deviation;
    }
}
