using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Kernels;
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
    public void ACancelledCompilationLeavesNothingBehind()
    {
        // The first fills the pool of staging memory, which the device keeps.
        CompileAndCancel();
        (long bytes, int buffers) = (Device.MemoryUse.UsedBytes, Device.MemoryUse.BufferCount);
        CompileAndCancel();
        Assert.That((Device.MemoryUse.UsedBytes, Device.MemoryUse.BufferCount), Is.EqualTo((bytes, buffers)));
    }

    [Test]
    public async Task CompilingDoesNotBlockTheCaller()
    {
        using Model model = Model.Load("googlenet").WithWeights(new SeededWeights(Seed));
        using CompiledModel compiled = await model.CompileAsync(Device, new CompileOptions { Output = "conv1/7x7_s2", Height = 32, Width = 32 });
        Assert.That(compiled.OutputShape, Is.EqualTo(new[] { 1, 64, 16, 16 }));
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
        Assert.That(() => model.Compile(Device), Throws.TypeOf<VkInceptionException>()
            .With.Property("Code").EqualTo(ErrorCode.WeightMismatch).And.Message.Contains("conv1/7x7_s2.weight"));
    }

    [Test]
    public void WeightsThatAreNotFiniteAreNamed()
    {
        using Model model = Model.Load("googlenet").WithWeights(new OneNaN());
        using CompiledModel compiled = model.Compile(Device, new CompileOptions { Output = "pool1/3x3_s2", Height = 32, Width = 32 });
        Assert.That(compiled.Warnings, Has.Count.EqualTo(1).And.All.EqualTo("conv1/7x7_s2.bias: 1 of 64 elements are NaN or infinite"));
    }

    [Test]
    public void ANetworkOfTwoInputsIsRefused()
    {
        var net = new NetworkBuilder("sum");
        Tensor sum = net.Add("sum", new Add(), net.Input("a", [1, 4]), net.Input("b", [1, 4]));
        Assert.That(() => CompiledModel.Create(Device, net.Build(sum), new SeededWeights(), new ConvolutionKernels(DeviceTraits.Of(Device.Info))),
            Throws.TypeOf<VkInceptionException>().With.Message.Contains("a 1×4, b 1×4"));
    }

    [Test]
    public void ASoftmaxBehindAFlattenIsNotAppliedTwice()
    {
        var net = new NetworkBuilder("softmax");
        Tensor softmax = net.Add("softmax", new Softmax(), net.Input("x", [1, 3, 1, 1]));
        using CompiledModel compiled = CompiledModel.Create(
            Device, net.Build(net.Add("flat", new Flatten(), softmax)), new SeededWeights(), new ConvolutionKernels(DeviceTraits.Of(Device.Info)));
        Prediction best = compiled.Classify([0, 0, 20])[0][0];
        Assert.That(best.Index, Is.EqualTo(2));
        Assert.That(best.Probability, Is.EqualTo(1).Within(1e-6));
    }

    private void CompileAndCancel()
    {
        using var cancelled = new CancellationTokenSource();
        using Model model = Model.Load("googlenet").WithWeights(new Cancelling(cancelled));
        Assert.That(() => model.Compile(Device, cancel: cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>Cancels while the first parameters are read.</summary>
    private sealed class Cancelling(CancellationTokenSource source) : IWeightSource
    {
        public bool Has(Parameter parameter) => true;

        public ReadOnlyMemory<float> Read(Parameter parameter)
        {
            source.Cancel();
            return new float[parameter.Shape.Count];
        }
    }

    private sealed class OneNaN : IWeightSource
    {
        private readonly SeededWeights seeded = new(Seed);

        public bool Has(Parameter parameter) => true;

        public ReadOnlyMemory<float> Read(Parameter parameter)
        {
            float[] values = seeded.Read(parameter).ToArray();
            if (parameter.Name == "conv1/7x7_s2.bias") values[3] = float.NaN;
            return values;
        }
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
