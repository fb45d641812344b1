using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Kernels;
using static VkInception.DeviceTests.Ops.RandomShapes;

namespace VkInception.DeviceTests.Ops;

/// <summary>Every operation of a training step with tensors of another type than float, both directions, against references in double precision on the same rounded numbers.</summary>
/// <remarks>Attributes are dyadic here, so that floats are the decimals that kernels of double precision take.</remarks>
internal abstract class PrecisionTests(DeviceUnderTest target) : DeviceFixture(target)
{
    /// <summary>Random cases of each kind.</summary>
    protected abstract int Runs { get; }

    /// <summary>Bound of the difference from the reference.</summary>
    protected abstract double Rounding { get; }

    protected ConvolutionKernels Convolutions => new(DeviceTraits.Of(Device.Info));

    [Test]
    public void Convolutions_by_any_kernel() => ForAny(2 * Runs, random =>
    {
        Conv2d op;
        Shape x;
        do
        {
            int groups = random.Next(4) == 0 ? random.Next(1, 5) : 1;
            Window window = random.Next(2) == 0 ? Window(random) : Window(random) with { StrideH = 1, StrideW = 1 };
            op = new Conv2d(groups * Channels(random), window, groups, random.Next(3) > 0) { Range = Range(random) };
            x = [random.Next(1, 4), groups * Channels(random), random.Next(1, 12), random.Next(1, 14)];
        }
        while (!Fits(op, x));
        Verify(random, op, x);
    });

    [Test]
    public void Every_kernel_on_a_layer_of_even_channels()
    {
        var kernels = new Convolution.EachKernel(Convolutions);
        do Run(new Random(kernels.Round), kernels, scale: 5).VerifyBackward(new Conv2d(72, Graph.Window.Square(3, 1, 1)) { Range = OutputRange.ReLU }, Rounding, [2, 24, 5, 7]);
        while (kernels.Advance());
    }

    [Test]
    public void Linear_layers() => ForAny(Runs, random
        => Verify(random, new Linear(Channels(random), random.Next(3) > 0) { Range = Range(random) }, [random.Next(1, 70), random.Next(1, 90)]));

    [Test]
    public void Pools() => ForAny(2 * Runs, random =>
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
    public void Norms() => ForAny(2 * Runs, random =>
    {
        Shape x;
        do x = Image(random, 8);
        while (x.Count == x.C);
        Verify(random, random.Next(2) == 0
            ? new LocalResponseNorm(1 + (2 * random.Next(0, 4)), random.Next(2) == 0 ? 0.125f : 0.625f, random.Next(2) == 0 ? 0.75f : 0.625f, 1)
            : new BatchNorm2d(0.0078125f, random.Next(3) > 0) { Range = Range(random), Momentum = 0.125f }, x);
    });

    [Test]
    public void Elementwise() => ForAny(2 * Runs, random =>
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
    public void Arithmetic() => ForAny(2 * Runs, random =>
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
        Run(random, null, integerInput: 1, element: (r, name) => name == "x1" ? r.Next(classes) : name == "x0" ? (8 * r.NextDouble()) - 4 : 0.5 + r.NextDouble())
            .VerifyBackward(new SoftmaxCrossEntropy(0.25f, random.Next(2) == 0 ? 0 : 0.125f, weights), Rounding, [images, classes], [images]);
    });

    /// <summary>A run with tensors of the type under test.</summary>
    protected abstract OpRun Run(Random random, IKernelChooser? kernels, double scale = 1, int integerInput = -1, Func<Random, string, double>? element = null);

    private void Verify(Random random, Op op, params Shape[] shapes)
        => Run(random, new Convolution.ChanceKernel(Convolutions, random), scale: 2).VerifyBackward(op, Rounding, shapes);

    private static OutputRange Range(Random random) => random.Next(2) == 0 ? OutputRange.All : OutputRange.ReLU;
}
