using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Kernels;
using static VkInception.DeviceTests.Ops.RandomShapes;

namespace VkInception.DeviceTests.Ops;

/// <summary>Every operation against its reference, on random shapes, offsets and row strides.</summary>
[TestFixtureSource(typeof(DevicesUnderTest), nameof(DevicesUnderTest.AlsoAsDiscreteGpus))]
internal sealed class OpKernelTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Runs = 60;

    /// <summary>A few roundings of single precision.</summary>
    private const double Rounding = 1e-6;

    [Test]
    public void MaxPool2d_TakesTheLargest() => Windowed(r => new MaxPool2d(Window(r, smallPadding: true), r.Next(2) == 0), tolerance: 0);

    [Test]
    public void AvgPool2d_TakesTheMean()
        => Windowed(r => new AvgPool2d(Window(r, dilated: false, smallPadding: true), r.Next(2) == 0, r.Next(2) == 0), Rounding);

    [Test]
    public void GlobalPools_ReduceTheImage() => ForAny(Runs / 2, random =>
    {
        Op op = random.Next(2) == 0 ? new GlobalAvgPool2d() : new GlobalMaxPool2d();
        new OpRun(Device, random).Verify(op, Rounding, 1, Image(random));
    });

    [Test]
    public void AdaptiveAvgPool2d_DividesTheImageIntoCells() => Windowed(r => new AdaptiveAvgPool2d(r.Next(1, 9), r.Next(1, 9)), Rounding);

    [Test]
    public void LocalResponseNorm_DividesByTheNeighbours() => ForAny(Runs, random =>
    {
        float beta = random.Next(2) == 0 ? 0.75f : (float)(random.NextDouble() * 2);
        var op = new LocalResponseNorm(1 + 2 * random.Next(0, 6), (float)Math.Pow(10, random.Next(-4, 1)), beta, 1 + random.Next(2));
        // A general power is as exact as the device's exp2 and log2 (Vulkan allows 1e-5 here); the usual exponent is computed from roots.
        new OpRun(Device, random) { Element = (r, _) => 20 * r.NextDouble() - 10 }.Verify(op, beta == 0.75f ? 2 * Rounding : 2e-5, 1e-30, Image(random));
    });

    [Test]
    public void BatchNorm2d_NormalizesByRunningStatistics() => ForAny(Runs, random =>
    {
        var op = new BatchNorm2d(1e-3f, random.Next(3) > 0) { Range = random.Next(2) == 0 ? OutputRange.All : new OutputRange(-0.5f, 0.25f) };
        new OpRun(Device, random).Verify(op, Rounding, 2, random.Next(3) == 0 ? [random.Next(1, 5), Channels(random)] : Image(random));
    });

    [Test]
    public void Clamps_KeepTheRange() => ForAny(Runs, random =>
    {
        Op[] ops = [new ReLU(), new ReLU6(), new Clip(-0.25f, 0.5f), new Clip(float.NegativeInfinity, 0.125f), new Clip(1, -1)];
        new OpRun(Device, random) { Element = (r, _) => 16 * r.NextDouble() - 8 }.Verify(ops[random.Next(ops.Length)], 0, 0, Any(random, random.Next(0, 6)));
    });

    [Test]
    public void Arithmetic_Broadcasts() => ForAny(2 * Runs, random =>
    {
        Shape y = Any(random, random.Next(0, 6));
        Shape Shrunk() => Shape.Create([.. y.Skip(random.Next(y.Rank + 1)).Select(e => random.Next(3) == 0 ? 1 : e)]);
        BinaryOp[] ops = [new Add(), new Sub(), new Mul(), new Div()];
        BinaryOp op = ops[random.Next(ops.Length)];
        Shape a = Shrunk(), b = Shrunk();
        bool constant = random.Next(2) == 0;
        if (constant) op = op with { ConstantShape = b, ConstantFirst = random.Next(2) == 0 };
        new OpRun(Device, random) { Element = (r, _) => (r.Next(2) * 2 - 1) * (0.1 + r.NextDouble()) }.Verify(op, Rounding, 1, constant ? [a] : [a, b]);
    });

    [Test]
    public void Softmax_SumsToOne() => ForAny(Runs, random =>
    {
        Shape shape = random.Next(4) == 0 ? [random.Next(1, 3), random.Next(60, 300)] : Any(random, random.Next(1, 6));
        new OpRun(Device, random) { Element = (r, _) => 40 * r.NextDouble() - 20 }.Verify(new Softmax(random.Next(-shape.Rank, shape.Rank)), 1e-5, 1e-6, shape);
    });

    [Test]
    public void Transpose_PermutesTheAxes() => ForAny(Runs, random =>
    {
        Shape shape = Any(random, random.Next(1, 7));
        int[] permutation = [.. Enumerable.Range(0, shape.Rank)];
        random.Shuffle(permutation);
        new OpRun(Device, random).Verify(new Transpose([.. permutation]), 0, 0, shape);
    });

    [Test]
    public void Views_KeepTheLogicalOrderWhereMemoryMustChange() => ForAny(Runs, random =>
    {
        Shape x = Image(random, 6);
        Shape[] targets = [[x.N, x.C * x.H * x.W], [x.N, x.C * x.H, x.W], [x.N * x.C, 1, x.H, x.W], [x.W, x.H, x.C, x.N], [x.N, x.W, x.C * x.H, 1], [(int)x.Count]];
        Op[] ops = [new Flatten(random.Next(0, 5)), new Dropout(0.5f), new Identity(), new Reshape(targets[random.Next(targets.Length)])];
        new OpRun(Device, random).Verify(ops[random.Next(ops.Length)], 0, 0, x);
    });

    [Test]
    public void Concat_JoinsAlongAnyAxis() => ForAny(Runs, random =>
    {
        Shape shape = random.Next(2) == 0 ? Image(random, 5) : Any(random, random.Next(1, 6));
        int axis = random.Next(shape.Rank);
        Shape[] shapes = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => shape.With(axis, Channels(random)))];
        new OpRun(Device, random).Verify(new Concat(axis), 0, 0, shapes);
    });

    [Test]
    public void Pad_SurroundsAndCrops() => Windowed(random =>
    {
        int[] Edges() => [.. Enumerable.Range(0, 4).Select(axis => axis < 2 && random.Next(2) == 0 ? 0 : random.Next(-2, 4))];
        return new Pad([.. Edges()], [.. Edges()], random.Next(2) * 0.5f);
    }, 0);

    [Test]
    public void Pad_TakesAnyRank() => ForAny(Runs / 2, random =>
    {
        Shape shape = Any(random, random.Next(0, 6));
        int[] Edges() => [.. shape.Select(_ => random.Next(0, 4))];
        new OpRun(Device, random).Verify(new Pad([.. Edges()], [.. Edges()], -1), 0, 0, shape);
    });

    [Test]
    public void NaN_PassesThroughClampsAndPools() => ForAny(Runs / 2, random =>
    {
        Op[] ops = [new ReLU(), new ReLU6(), new Clip(-1, 1), new MaxPool2d(Graph.Window.Square(3, 1, 1)), new AvgPool2d(Graph.Window.Square(2, 2)), new GlobalMaxPool2d()];
        new OpRun(Device, random) { Element = (r, _) => r.Next(6) == 0 ? double.NaN : r.NextDouble() }.Verify(ops[random.Next(ops.Length)], Rounding, 1, [1, Channels(random), 5, 6]);
    });

    [Test]
    public void Conv2d_WeighsItsWindow() => Windowed(random =>
    {
        int groups = random.Next(3) == 0 ? 2 : 1;
        return new Conv2d(groups * Channels(random), Window(random), groups, random.Next(2) == 0) { Range = random.Next(2) == 0 ? OutputRange.All : OutputRange.ReLU };
    }, tolerance: 1e-5);

    [Test]
    public void Linear_MultipliesTheMatrix() => ForAny(Runs / 2, random =>
    {
        var op = new Linear(Channels(random), random.Next(2) == 0) { Range = random.Next(2) == 0 ? OutputRange.All : new OutputRange(-0.5f, 0.5f) };
        Run(random).Verify(op, 1e-5, 1, [random.Next(1, 5), random.Next(1, 200)]);
    });

    private OpRun Run(Random random) => new(Device, random) { Kernels = new ConvolutionKernels(DeviceTraits.Of(Device.Info)) };

    private void Windowed(Func<Random, Op> make, double tolerance) => ForAny(Runs, random =>
    {
        Shape x;
        Op op;
        do
        {
            x = Image(random);
            op = make(random);
        }
        while (!Fits(op, x));
        Run(random).Verify(op, tolerance, 1, x);
    });
}
