using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Kernels;
using VkInception.Vulkan;
using static VkInception.DeviceTests.Ops.RandomShapes;

namespace VkInception.DeviceTests.Ops;

/// <summary>Every operation of a training step in double precision, both directions, against references in double precision.</summary>
/// <remarks>Attributes are dyadic here, so that the references' floats are the decimals that kernels take; <see cref="Settings_AreTheDecimalsThatNameThem"/> has others.</remarks>
internal sealed class DoublePrecisionTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Runs = 12;

    /// <summary>Some hundred roundings of double precision.</summary>
    private const double Rounding = 1e-12;

    /// <summary>Differences have nine digits.</summary>
    private const double Differences = 3e-8;

    public static void IgnoreWithoutDoubles(GpuDevice device)
    {
        if (!device.Info.Float64) Assert.Ignore($"{device.Info.Name} has no doubles");
    }

    [SetUp]
    public void NeedsDoubles() => IgnoreWithoutDoubles(Device);

    [Test]
    public void Convolutions_by_any_kernel() => ForAny(Runs, random =>
    {
        Conv2d op;
        Shape x;
        do
        {
            int groups = random.Next(4) == 0 ? random.Next(1, 5) : 1;
            Window window = random.Next(2) == 0 ? Window(random) : Window(random) with { StrideH = 1, StrideW = 1 };
            op = new Conv2d(groups * Channels(random), window, groups, random.Next(3) > 0) { Range = random.Next(2) == 0 ? OutputRange.All : OutputRange.ReLU };
            x = [random.Next(1, 4), groups * Channels(random), random.Next(1, 12), random.Next(1, 14)];
        }
        while (!Fits(op, x));
        Verify(random, op, x);
    });

    [Test]
    public void Every_kernel_on_a_layer()
    {
        var kernels = new Convolution.EachKernel(new ConvolutionKernels(DeviceTraits.Of(Device.Info)));
        do
            new OpRun(Device, new Random(kernels.Round)) { Type = ElementType.Float64, Kernels = kernels }
                .VerifyBackward(new Conv2d(72, Graph.Window.Square(3, 1, 1)) { Range = OutputRange.ReLU }, Rounding, [2, 24, 5, 7]);
        while (kernels.Advance());
    }

    [Test]
    public void A_forced_exact_kernel_does_not_apply()
    {
        var kernels = new ConvolutionKernels(DeviceTraits.Of(Device.Info), forced: "exact-4x1", exact: true);
        new OpRun(Device, new Random(1)) { Type = ElementType.Float64, Kernels = kernels }.VerifyBackward(new Conv2d(8, Graph.Window.Square(3, 1, 1)), Rounding, [1, 8, 5, 5]);
    }

    [Test]
    public void Linear_layers() => ForAny(Runs, random =>
        Verify(random, new Linear(Channels(random), random.Next(3) > 0) { Range = random.Next(2) == 0 ? OutputRange.All : OutputRange.ReLU }, [random.Next(1, 70), random.Next(1, 90)]));

    [Test]
    public void Pools() => ForAny(Runs, random =>
    {
        Op op;
        Shape x;
        do
        {
            op = random.Next(6) switch
            {
                0 => new AvgPool2d(Window(random, dilated: false, smallPadding: true), random.Next(2) == 0, random.Next(2) == 0),
                1 => new AdaptiveAvgPool2d(random.Next(1, 9), random.Next(1, 9)),
                2 => new GlobalAvgPool2d(),
                3 => new GlobalMaxPool2d(),
                _ => new MaxPool2d(Window(random, smallPadding: true), random.Next(2) == 0),
            };
            x = Image(random);
        }
        while (!Fits(op, x));
        Verify(random, op, x);
    });

    [Test]
    public void Norms() => ForAny(Runs, random =>
    {
        Shape x;
        do x = Image(random, 8);
        while (x.Count == x.C);
        OutputRange range = random.Next(2) == 0 ? OutputRange.All : OutputRange.ReLU;
        Verify(random, random.Next(2) == 0
            ? new LocalResponseNorm(random.Next(3) == 0 ? 1 : 5, 0.625f, random.Next(2) == 0 ? 0.75f : 0.625f, 1)
            : new BatchNorm2d(0.0078125f, random.Next(3) > 0) { Range = range, Momentum = 0.125f }, x);
    });

    [Test]
    public void Elementwise() => ForAny(Runs, random =>
    {
        Op[] ops = [new ReLU(), new Clip(-0.25f, 0.5f), new Dropout(0.5f), new Softmax(-1), new Flatten(1), new Pad([0, 0, 1, 2], [0, 0, 2, 0], 0.5f), new Transpose([0, 2, 3, 1])];
        Verify(random, ops[random.Next(ops.Length)], Image(random, 6));
    });

    [Test]
    public void Concatenations() => ForAny(Runs, random =>
    {
        Shape shape = Image(random, 5);
        Verify(random, new Concat(1), [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => shape.With(1, Channels(random)))]);
    });

    [Test]
    public void Arithmetic() => ForAny(Runs, random =>
    {
        Shape y = random.Next(4) == 0 ? [2, random.Next(1, 9), random.Next(1, 20), 64] : Any(random, random.Next(0, 6));
        Shape Shrunk() => Shape.Create([.. y.Skip(random.Next(y.Rank + 1)).Select(e => random.Next(3) == 0 ? 1 : e)]);
        BinaryOp[] ops = [new Add(), new Sub(), new Mul()];
        BinaryOp op = ops[random.Next(ops.Length)];
        Shape a = Shrunk(), b = Shrunk();
        bool constant = random.Next(2) == 0;
        if (constant) op = op with { ConstantShape = b, ConstantFirst = random.Next(2) == 0 };
        Verify(random, op, constant ? [a] : [a, b]);
    });

    [Test]
    public void Cross_entropy() => ForAny(Runs, random =>
    {
        int classes = random.Next(2, 200), images = random.Next(1, 9);
        bool weights = random.Next(2) == 0;
        new OpRun(Device, random)
        {
            Type = ElementType.Float64,
            IntegerInput = 1,
            DifferenceTolerance = Differences,
            Element = (r, name) => name == "x1" ? r.Next(classes) : name == "x0" ? 8 * r.NextDouble() - 4 : 0.5 + r.NextDouble(),
        }.VerifyBackward(new SoftmaxCrossEntropy(0.25f, random.Next(2) == 0 ? 0 : 0.125f, weights), Rounding, [images, classes], [images]);
    });

    /// <summary>An epsilon of 0.1 is 0.1 and not the float nearest to it: with equal images the output is the bias, and 1/√epsilon the slope.</summary>
    [Test]
    public void Settings_AreTheDecimalsThatNameThem()
    {
        var op = new BatchNorm2d(0.1f);
        var random = new Random(1);
        var memory = new OpMemory(Device, random);
        var builder = new NetworkBuilder("test");
        Node node = builder.Add("node", op, [builder.Input("x", [4, 3])], null);
        TensorView Place(Shape shape) => memory.Place(shape, ElementType.Float64);
        var t = new OpTensors(node, [Place([4, 3])], [Place([4, 3])], [.. node.Parameters.Select(p => memory.Place(p, own: false, ElementType.Float64))])
        {
            Training = true,
            Saved = [Place([3]), Place([3])],
        };
        List<ShaderDispatch> launches = [.. op.Forward(t).Cast<ShaderDispatch>()];
        memory.Poison(launches);
        memory.Write(t.Input, [.. Enumerable.Repeat(2.0, 12)]);
        for (int i = 0; i < 4; i++) memory.Write(t.Parameters[i], node.Parameters[i], [1, 1, 1]);
        memory.Run(node, launches, [t.Output, .. t.Saved, t.Parameters[2], t.Parameters[3]], [t.Input, t.Parameters[0], t.Parameters[1]], "");
        Assert.That(memory.Read(t.Saved[1]), Is.All.EqualTo(1 / Math.Sqrt(0.1)).Within(1e-15));
        Assert.That(memory.Read(t.Parameters[2], node.Parameters[2]), Is.All.EqualTo(1.1).Within(1e-15), "momentum 0.1 of a mean of 2");
    }

    private void Verify(Random random, Op op, params Shape[] shapes) => new OpRun(Device, random)
    {
        Type = ElementType.Float64,
        Kernels = new Convolution.ChanceKernel(new ConvolutionKernels(DeviceTraits.Of(Device.Info)), random),
        DifferenceTolerance = Differences,
        Sample = 12,
    }.VerifyBackward(op, Rounding, shapes);
}
