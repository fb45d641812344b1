using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Graph.Training;
using VkInception.Imaging;
using VkInception.Kernels;
using VkInception.Weights;

namespace VkInception.DeviceTests.Networks;

/// <summary>Whole networks in half precision: how far from the references in float64, and from their own results in single precision.</summary>
internal sealed class HalfPrecisionNetworkTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const ulong Seed = 2014;

    /// <summary>Half rounds to one part in 2048; some twenty layers of it, averaged over sums of hundreds of terms.</summary>
    private const float Tolerance = 2e-3f;

    [SetUp]
    public void NeedsHalfStorage()
    {
        if (!Device.Info.Storage16Bit) Assert.Ignore($"{Device.Info.Name} has no half-precision storage");
    }

    [TestCase("googlenet")]
    [TestCase("googlenet-torchvision")]
    public void GoogLeNetsLogitsAreTheReferences(string name)
    {
        using Model model = Model.Load(name).WithWeights(new SeededWeights(Seed));
        using CompiledModel half = model.Compile(Device, new CompileOptions { Batch = 2, Precision = Precision.Half });
        float[] y = half.Run(new SeededWeights(Seed).Uniform("input", (int)half.InputShape.Count));
        using Checkpoint golden = Checkpoint.Open(Path.Combine(TestContext.CurrentContext.TestDirectory, "Networks", "Golden", $"{name}.npy"));
        Assert.That(Deviation(y, golden.Tensors[0].ToFloat32()), Is.LessThanOrEqualTo(Tolerance).And.GreaterThan(1e-6), "and not single precision");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ASmallNetworkOfEverythingStaysClose(bool probabilities)
    {
        Network network = Small(probabilities);
        float[] x = new SeededWeights(Seed).Uniform("input", 2 * 3 * 29 * 29);
        using CompiledModel single = Compile(network, Precision.Single), half = Compile(network, Precision.Half);
        float[] expected = single.Run(x), found = half.Run(x);
        Assert.That(Deviation(found, expected), Is.LessThanOrEqualTo(Tolerance));
        Assert.That(half.Run(x), Is.EqualTo(found), "the same bits again");
        Assert.That(half.OutputIsProbability, Is.EqualTo(probabilities));
        Assert.That(half.DeviceBytes, Is.LessThan(single.DeviceBytes));
        // Sums of half probabilities would miss one by more.
        if (probabilities) Assert.That(found.Take(7).Sum(), Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void ASmallNetworkByCooperativeMatricesStaysClose()
    {
        DeviceTraits traits = DeviceTraits.Of(Device.Info);
        if (traits.HalfMatrix is null) Assert.Ignore($"{Device.Info.Name} has no cooperative matrices of halves with float sums");
        Network network = Small(probabilities: false);
        float[] x = new SeededWeights(Seed).Uniform("input", 2 * 3 * 29 * 29);
        using CompiledModel single = Compile(network, Precision.Single);
        using CompiledModel half = CompiledModel.Create(Device, network, new SeededWeights(Seed), new ConvolutionKernels(traits, "coopmat-16x16"), Precision.Half);
        Assert.That(half.Plan.Steps.Count(s => s.Kernel == "coopmat-16x16"), Is.EqualTo(single.Plan.Steps.Count(s => s.Node!.Op is Conv2d or Linear)));
        Assert.That(Deviation(half.Run(x), single.Run(x)), Is.LessThanOrEqualTo(Tolerance));
    }

    [TestCase("conv1/7x7_s2")]
    [TestCase("inception_3a/output")]
    public void AnyNodeComesOutInSinglePrecision(string node)
    {
        using Model model = Model.Load("googlenet").WithWeights(new SeededWeights(Seed));
        var options = new CompileOptions { Height = 64, Width = 64, Output = node };
        using CompiledModel single = model.Compile(Device, options), half = model.Compile(Device, options with { Precision = Precision.Half });
        float[] x = new SeededWeights(Seed).Uniform("small", (int)single.InputShape.Count);
        Assert.That(Deviation(half.Run(x), single.Run(x)), Is.LessThanOrEqualTo(Tolerance));
    }

    [Test]
    public void AWeightBeyondHalfIsNamed()
    {
        var net = new NetworkBuilder("net");
        Network network = net.Build(net.Add("conv", new Conv2d(2, Window.Square(1)), net.Input("x", [1, 2, 1, 1])));
        using CompiledModel half = CompiledModel.Create(Device, network, new Constant(70000), new ConvolutionKernels(DeviceTraits.Of(Device.Info)), Precision.Half);
        Assert.That(half.Warnings, Has.Count.EqualTo(1).And.All.Contains("conv.weight: 4 of 4 elements are beyond the range of half precision (65504)"));
        Assert.That(half.Run([1, 1]), Is.All.EqualTo(float.PositiveInfinity));
    }

    [Test]
    public void WhatHalfCannotHoldBecomesInfinityAndDoesNotWrapAround()
    {
        var net = new NetworkBuilder("net");
        Network network = net.Build(net.Add("conv", new Conv2d(2, Window.Square(1), Bias: false), net.Input("x", [1, 2, 1, 1])));
        using CompiledModel half = CompiledModel.Create(Device, network, new Constant(300), new ConvolutionKernels(DeviceTraits.Of(Device.Info)), Precision.Half);
        Assert.That(half.Run([300, 0]), Is.All.EqualTo(float.PositiveInfinity));
        Assert.That(half.Run([-300, 0]), Is.All.EqualTo(float.NegativeInfinity));
    }

    [Test]
    public void ATrainedGoogLeNetGivesItsLogits()
    {
        string file = SharedData("onnx/googlenet_imagenet.onnx");
        using Checkpoint x = Checkpoint.Open(SharedData("onnx/googlenet_imagenet_input.npy")), y = Checkpoint.Open(SharedData("onnx/googlenet_imagenet_logits.npy"));
        using Model model = Model.Load(file);
        using CompiledModel half = model.Compile(Device, new CompileOptions { Batch = x.Tensors[0].Shape[0], Precision = Precision.Half });
        Assert.That(Deviation(half.Run(x.Tensors[0].ToFloat32()), y.Tensors[0].ToFloat32()), Is.LessThanOrEqualTo(Tolerance));
    }

    [Test]
    public void AHundredPhotosAreRecognizedAsInSinglePrecision()
    {
        const int Batch = 10, Top1 = 79, Top5 = 95;
        string[] synsets = [.. File.ReadLines(SharedData("images/synset_words.txt")).Select(line => line.Split(' ')[0])];
        string[] photos = [.. Directory.GetFiles(Path.GetDirectoryName(SharedData("images/imagenet100/expected_googlenet.json"))!, "*.JPEG").Order(StringComparer.Ordinal)];
        using Model model = Model.Load(SharedData("onnx/googlenet_imagenet.onnx"));
        using CompiledModel half = model.Compile(Device, new CompileOptions { Batch = Batch, Precision = Precision.Half });
        int first = 0, amongFive = 0;
        foreach (string[] some in photos.Chunk(Batch))
        {
            IReadOnlyList<IReadOnlyList<Prediction>> found = half.Classify(BatchLoader.Load(some, model.ImageInput).Tensor.Span);
            for (int i = 0; i < some.Length; i++)
            {
                int label = Array.IndexOf(synsets, Path.GetFileName(some[i]).Split('_')[0]);
                if (found[i][0].Index == label) first++;
                if (found[i].Any(p => p.Index == label)) amongFive++;
            }
        }

        Assert.That(photos, Has.Length.EqualTo(100));
        Assert.That(first, Is.EqualTo(Top1).Within(1));
        Assert.That(amongFive, Is.EqualTo(Top5).Within(1));
    }

    private CompiledModel Compile(Network network, Precision precision)
        => CompiledModel.Create(Device, network, new SeededWeights(Seed), new ConvolutionKernels(DeviceTraits.Of(Device.Info)), precision);

    /// <summary>Every kind of layer of the zoo, with odd channels and branches.</summary>
    private static Network Small(bool probabilities)
    {
        var b = new NetworkBuilder("small");
        Tensor x = b.Input("data", [2, 3, 29, 29]);
        x = b.Add("relu1", new ReLU(), b.Add("conv1", new Conv2d(16, Window.Square(5, 2, 2)), x));
        x = b.Add("norm1", new LocalResponseNorm(), b.Add("pool1", new MaxPool2d(Window.Square(3, 2), CeilMode: true), x));
        Tensor one = b.Add("1x1", new Conv2d(8, Window.Square(1)), x);
        Tensor three = b.Add("3x3", new Conv2d(12, Window.Square(3, 1, 1)), b.Add("3x3_bn", new BatchNorm2d(), b.Add("3x3_reduce", new Conv2d(8, Window.Square(1), Bias: false), x)));
        Tensor five = b.Add("5x5", new Conv2d(5, Window.Square(5, 1, 2)), b.Add("5x5_reduce", new Conv2d(4, Window.Square(1)), x));
        Tensor pool = b.Add("pool_proj", new Conv2d(4, Window.Square(1)), b.Add("pool", new AvgPool2d(Window.Square(3, 1, 1)), x));
        x = b.Add("module", new Concat(1), one, b.Add("3x3_relu", new ReLU6(), three), five, pool);
        x = b.Add("sum", new Add(), x, b.Add("residual", new Conv2d(29, Window.Square(3, 1, 1), Bias: false), x));
        x = b.Add("flat", new Flatten(), b.Add("mean", new AdaptiveAvgPool2d(2, 2), b.Add("bn2", new BatchNorm2d(), x)));
        x = b.Add("classifier", new Linear(7), x);
        return b.Build(probabilities ? b.Add("softmax", new Softmax(), x) : x);
    }

    private static float Deviation(float[] actual, float[] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        float largest = expected.Max(Math.Abs), deviation = actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max() / largest;
        TestContext.Out.WriteLine($"largest deviation {deviation:E2} of the maximum {largest}");
        return deviation;
    }

    private static string SharedData(string relative)
    {
        string? root = TestContext.CurrentContext.TestDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "VkInception.sln"))) root = Path.GetDirectoryName(root);
        string path = Path.GetFullPath(Path.Combine(root ?? ".", "..", "shared", "data", relative));
        if (!File.Exists(path)) Assert.Ignore($"needs ../shared/data/{relative}, which does not stand beside this checkout");
        return path;
    }

    private sealed class Constant(float value) : IWeightSource
    {
        public bool Has(Parameter parameter) => true;

        public ReadOnlyMemory<float> Read(Parameter parameter) => Enumerable.Repeat(parameter.Shape.Rank == 1 ? 0 : value, (int)parameter.Shape.Count).ToArray();
    }
}
