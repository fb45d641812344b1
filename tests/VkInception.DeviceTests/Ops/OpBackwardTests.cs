using VkInception.Graph;
using VkInception.Graph.Ops;
using static VkInception.DeviceTests.Ops.RandomShapes;

namespace VkInception.DeviceTests.Ops;

/// <summary>Every operation's training forward and backward pass against its reference, on random shapes, offsets and row strides.</summary>
[TestFixtureSource(typeof(DevicesUnderTest), nameof(DevicesUnderTest.AlsoAsDiscreteGpus))]
internal sealed class OpBackwardTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Runs = 60;

    /// <summary>A few roundings of single precision.</summary>
    private const double Rounding = 1e-6;

    [Test]
    public void Clamps_PassTheGradientInside() => ForAny(Runs, random =>
    {
        Op[] ops = [new ReLU(), new ReLU6(), new Clip(-0.25f, 0.5f), new Clip(float.NegativeInfinity, 0.125f), new Clip(1, -1)];
        // Values on the bounds too, and NaN.
        double[] special = [0, 6, -0.25, 0.5, 0.125, double.NaN];
        new OpRun(Device, random)
        {
            Element = (r, name) => name == "x0" && r.Next(4) == 0 ? special[r.Next(special.Length)] : 16 * r.NextDouble() - 8,
            MayShareGradient = true,
        }.VerifyBackward(ops[random.Next(ops.Length)], Rounding, Any(random, random.Next(0, 6)));
    });

    [Test]
    public void MaxPool2d_PassesTheGradientToTheFirstLargest() => ForAny(Runs, random =>
    {
        // Few different values: ties in most windows, and NaN in some.
        Func<Random, string, double> element = (r, name) => name == "x0" ? r.Next(20) == 0 ? double.NaN : r.Next(10) == 0 ? double.NegativeInfinity : r.Next(3) : r.NextDouble();
        if (random.Next(5) == 0) new OpRun(Device, random) { Element = element }.VerifyBackward(new GlobalMaxPool2d(), Rounding, Image(random));
        else Windowed(random, r => new MaxPool2d(Window(r, smallPadding: true), r.Next(2) == 0), Rounding, element);
    });

    [TestCase(8, 16, 16, TestName = "MaxPool2d_MoreTapsThanAByteCounts")]
    [TestCase(8, 15, 17, TestName = "MaxPool2d_AsManyTapsAsAByteCounts")]
    public void MaxPool2d_LargeWindows(int channels, int height, int width) => ForAny(4, random =>
        new OpRun(Device, random) { Sample = 4 }.VerifyBackward(new GlobalMaxPool2d(), Rounding, [2, channels, height, width]));

    [Test]
    public void AvgPool2d_SpreadsTheGradient() => ForAny(Runs, random =>
    {
        if (random.Next(5) == 0) new OpRun(Device, random).VerifyBackward(new GlobalAvgPool2d(), Rounding, Image(random));
        else Windowed(random, r => new AvgPool2d(Window(r, dilated: false, smallPadding: true), r.Next(2) == 0, r.Next(2) == 0), Rounding);
    });

    [Test]
    public void AdaptiveAvgPool2d_SpreadsTheGradientOverItsCells()
        => ForAny(Runs, random => Windowed(random, r => new AdaptiveAvgPool2d(r.Next(1, 9), r.Next(1, 9)), Rounding));

    [Test]
    public void LocalResponseNorm_PassesTheGradientToTheNeighbours() => ForAny(Runs / 3, random =>
    {
        float beta = random.Next(2) == 0 ? 0.75f : (float)(random.NextDouble() * 2);
        int size = random.Next(8) == 0 ? 63 : 1 + 2 * random.Next(0, 6);
        var op = new LocalResponseNorm(size, (float)Math.Pow(10, random.Next(-4, 1)), beta, 1 + random.Next(2));
        new OpRun(Device, random) { Element = (r, _) => 10 * r.NextDouble() - 5 }.VerifyBackward(op, beta == 0.75f ? 3 * Rounding : 2e-5, Image(random, 6));
    });

    [Test]
    public void Dropout_KeepsAndScales() => ForAny(Runs, random =>
    {
        Shape shape = random.Next(2) == 0 ? Image(random) : Any(random, random.Next(1, 6));
        new OpRun(Device, random)
        {
            MayShareGradient = true,
            Stream = random.Next(),
            Step = new() { SeedLow = (uint)random.NextInt64(1L << 32), SeedHigh = (uint)random.NextInt64(1L << 32), Number = (uint)random.NextInt64(1L << 32), LossScale = 8 },
        }.VerifyBackward(new Dropout(random.Next(4) == 0 ? 0 : random.Next(1, 10) / 10f), Rounding, shape);
    });

    [Test]
    public void Views_PassTheGradient() => ForAny(Runs, random =>
    {
        Shape x = Image(random, 6);
        Shape[] targets = [[x.N, x.C * x.H * x.W], [x.N, x.C * x.H, x.W], [x.N * x.C, 1, x.H, x.W], [x.W, x.H, x.C, x.N], [x.N, x.W, x.C * x.H, 1], [(int)x.Count]];
        Op[] ops = [new Flatten(random.Next(0, 5)), new Identity(), new Reshape(targets[random.Next(targets.Length)])];
        new OpRun(Device, random) { MayShareGradient = true }.VerifyBackward(ops[random.Next(ops.Length)], Rounding, x);
    });

    [Test]
    public void Transpose_PassesTheGradientBack() => ForAny(Runs, random =>
    {
        Shape shape = Any(random, random.Next(1, 7));
        int[] permutation = [.. Enumerable.Range(0, shape.Rank)];
        random.Shuffle(permutation);
        new OpRun(Device, random).VerifyBackward(new Transpose([.. permutation]), Rounding, shape);
    });

    [Test]
    public void Concat_PassesEachPart() => ForAny(Runs / 3, random =>
    {
        Shape shape = random.Next(2) == 0 ? Image(random, 5) : Any(random, random.Next(1, 6));
        int axis = random.Next(shape.Rank);
        Shape[] shapes = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => shape.With(axis, Channels(random)))];
        new OpRun(Device, random).VerifyBackward(new Concat(axis), Rounding, shapes);
    });

    [Test]
    public void Pad_PassesWhatIsInside() => ForAny(Runs / 3, random =>
    {
        int[] Edges() => [.. Enumerable.Range(0, 4).Select(axis => axis < 2 && random.Next(2) == 0 ? 0 : random.Next(-2, 4))];
        Windowed(random, _ => new Pad([.. Edges()], [.. Edges()], 0.5f), Rounding);
    });

    [Test]
    public void Arithmetic_SumsOverWhatStretches() => ForAny(2 * Runs, random =>
    {
        Shape y = random.Next(6) == 0 ? [random.Next(1, 4), random.Next(1, 9), random.Next(1, 20), 64] : Any(random, random.Next(0, 6));
        Shape Shrunk() => Shape.Create([.. y.Skip(random.Next(y.Rank + 1)).Select(e => random.Next(3) == 0 ? 1 : e)]);
        BinaryOp[] ops = [new Add(), new Sub(), new Mul(), new Div()];
        BinaryOp op = ops[random.Next(ops.Length)];
        Shape a = Shrunk(), b = Shrunk();
        bool constant = random.Next(2) == 0;
        if (constant) op = op with { ConstantShape = b, ConstantFirst = random.Next(2) == 0 };
        // The rounding of a sum grows with its terms, whatever they come to.
        double scale = Math.Max(1, Math.Sqrt(y.Count) / 8);
        new OpRun(Device, random) { Element = (r, _) => (r.Next(2) * 2 - 1) * (0.3 + r.NextDouble()), Sample = 5, Scale = scale }.VerifyBackward(op, 5 * Rounding, constant ? [a] : [a, b]);
    });

    [Test]
    public void Softmax_PassesTheGradientAlongTheAxis() => ForAny(Runs, random =>
    {
        Shape shape = random.Next(4) == 0 ? [random.Next(1, 3), random.Next(60, 300)] : Any(random, random.Next(1, 6));
        new OpRun(Device, random) { MayShareGradient = true, Sample = 10 }.VerifyBackward(new Softmax(random.Next(-shape.Rank, shape.Rank)), 5 * Rounding, shape);
    });

    private void Windowed(Random random, Func<Random, Op> make, double tolerance, Func<Random, string, double>? element = null)
    {
        Shape x;
        Op op;
        do
        {
            x = Image(random);
            op = make(random);
        }
        while (!Fits(op, x));
        OpRun run = element is null ? new OpRun(Device, random) : new OpRun(Device, random) { Element = element };
        run.VerifyBackward(op, tolerance, x);
    }
}
