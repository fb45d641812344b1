using System.Text.Json;

namespace VkInception.DeviceTests.Networks;

/// <summary>Networks of the zoo with seeded weights, at reduced sizes, against PyTorch's results in float64 (Golden/make_zoo_golden.py).</summary>
/// <remarks>VGG and AlexNet are read before their linear layers, whose 50 to 120 million weights would take most of the time; LeNet-5 tests such layers.</remarks>
internal sealed class ZooGoldenTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const ulong Seed = 2014;
    private const int Batch = 2;

    /// <summary>Half the bound of the acceptance: a share of the largest value.</summary>
    private const float Tolerance = 1e-4f;

    [TestCase("lenet5")]
    [TestCase("alexnet")]
    [TestCase("alexnet-bvlc")]
    [TestCase("nin")]
    [TestCase("vgg16")]
    [TestCase("vgg11_bn")]
    [TestCase("googlenet-naive")]
    [TestCase("inception_v2")]
    [TestCase("inception_v3")]
    [TestCase("inception_v4")]
    [TestCase("resnet18")]
    [TestCase("resnet50")]
    [TestCase("resnet20-cifar")]
    [TestCase("squeezenet1_0")]
    [TestCase("squeezenet1_1")]
    [TestCase("densenet121")]
    public void ResultsAreTheReferences(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Networks", "Golden", "zoo.json")));
        JsonElement golden = document.RootElement.GetProperty(name);
        int size = golden.GetProperty("size").GetInt32(), step = golden.GetProperty("step").GetInt32();
        var options = new CompileOptions { Batch = Batch, Height = size, Width = size, Classes = 10, Output = golden.GetProperty("output").GetString() };
        using Model model = Model.Load(name).WithWeights(new SeededWeights(Seed));
        using CompiledModel compiled = model.Compile(Device, options);
        float[] found = compiled.Run(new SeededWeights(Seed).Uniform("input", (int)compiled.InputShape.Count));

        Assert.That(compiled.OutputShape.Dims, Is.EqualTo(golden.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32())));
        double largest = golden.GetProperty("largest").GetDouble();
        double deviation = golden.GetProperty("values").EnumerateArray().Select((v, i) => Math.Abs(v.GetDouble() - found[i * step])).Max();
        TestContext.Out.WriteLine($"largest deviation {deviation / largest:E2} of the maximum {largest}");
        Assert.That(deviation, Is.LessThanOrEqualTo(Tolerance * largest));
    }
}
