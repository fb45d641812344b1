using VkInception.Graph.Models;
using VkInception.Weights;

namespace VkInception.DeviceTests.Networks;

/// <summary>Whole networks with seeded weights against PyTorch's logits in float64 (Golden/make_golden.py).</summary>
internal sealed class GoldenTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const ulong Seed = 2014;
    private const int Batch = 2;

    /// <summary>The bound of the acceptance: a share of the largest logit.</summary>
    private const float Tolerance = 1e-4f;

    [TestCase("googlenet", null, "googlenet")]
    [TestCase("googlenet", "loss1/classifier", "googlenet.aux1")]
    [TestCase("googlenet", "loss2/classifier", "googlenet.aux2")]
    [TestCase("googlenet-torchvision", null, "googlenet-torchvision")]
    public void LogitsAreTheReferences(string model, string? output, string golden)
        => AssertClose(Run(model, new CompileOptions { Batch = Batch, Output = output }), Golden(golden));

    [Test]
    public void FusionChangesNothingThatCounts()
        => AssertClose(Run("googlenet-torchvision", new CompileOptions { Batch = Batch, WithoutRewrites = ["all"] }), Golden("googlenet-torchvision"));

    [Test]
    public void ABatchGivesWhatItsImagesGiveAlone()
    {
        float[] together = Run("googlenet", new CompileOptions { Batch = Batch });
        using Model model = Model.Load("googlenet").WithWeights(new SeededWeights(Seed));
        using CompiledModel single = model.Compile(Device);
        float[] input = Input(Batch);
        int perImage = input.Length / Batch, classes = together.Length / Batch;
        for (int n = 0; n < Batch; n++)
            AssertClose(single.Run(input.AsSpan(n * perImage, perImage)), together.AsSpan(n * classes, classes).ToArray());
    }

    [Test]
    public async Task RunsFromSeveralThreadsGiveTheSameBits()
    {
        using Model model = Model.Load("googlenet").WithWeights(new SeededWeights(Seed));
        using CompiledModel compiled = model.Compile(Device, new CompileOptions { Output = "inception_3a/output", Height = 64, Width = 64 });
        float[] input = new SeededWeights(Seed).Uniform("small", (int)compiled.InputShape.Count);
        float[] expected = compiled.Run(input);
        float[][] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => compiled.RunAsync(input)));
        Assert.That(results, Has.All.EqualTo(expected));
    }

    [Test]
    public void AWrongInputSizeIsOneClearLine()
    {
        using Model model = Model.Load("googlenet").WithWeights(new SeededWeights(Seed));
        using CompiledModel compiled = model.Compile(Device, new CompileOptions { Output = "conv1/7x7_s2" });
        Assert.That(() => compiled.Run(new float[5]), Throws.TypeOf<VkInceptionException>().With.Message.Contains("1×3×224×224"));
    }

    [Test]
    public void WeightsThatAreMissingAreNamed()
    {
        using Model model = Model.Load("googlenet");
        Assert.That(() => model.Compile(Device), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.WeightMismatch));
        Assert.That(ModelZoo.All.Select(c => c.Name), Does.Contain("googlenet"));
    }

    private float[] Run(string name, CompileOptions options)
    {
        using Model model = Model.Load(name).WithWeights(new SeededWeights(Seed));
        using CompiledModel compiled = model.Compile(Device, options);
        return compiled.Run(Input(options.Batch));
    }

    private static float[] Input(int batch) => new SeededWeights(Seed).Uniform("input", batch * 3 * 224 * 224);

    private static float[] Golden(string name)
    {
        using Checkpoint file = Checkpoint.Open(Path.Combine(TestContext.CurrentContext.TestDirectory, "Networks", "Golden", $"{name}.npy"));
        return file.Tensors[0].ToFloat32();
    }

    private static void AssertClose(float[] actual, float[] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        float largest = expected.Max(Math.Abs), deviation = actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max();
        TestContext.Out.WriteLine($"largest deviation {deviation / largest:E2} of the maximum {largest}");
        Assert.That(deviation, Is.LessThanOrEqualTo(Tolerance * largest));
    }
}
