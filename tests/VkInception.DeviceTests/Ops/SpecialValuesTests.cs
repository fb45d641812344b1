using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Kernels;
using static VkInception.DeviceTests.Ops.RandomShapes;

namespace VkInception.DeviceTests.Ops;

/// <summary>NaN, infinities, numbers below the normal range and negative zeros in an input come out as the reference has them, and nowhere else.</summary>
internal sealed class SpecialValuesTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Runs = 20;

    private static readonly double[] NotFinite = [double.NaN, double.PositiveInfinity, double.NegativeInfinity], Tiny = [1e-40, -1e-40, -0.0, 1e-38];

    /// <summary>What passes values on without computing.</summary>
    private static IEnumerable<Op> Movers() =>
    [
        new ReLU(), new ReLU6(), new Clip(-0.5f, 0.25f), new Clip(float.NegativeInfinity, 0.125f), new MaxPool2d(Graph.Window.Square(3, 2, 1), CeilMode: true), new GlobalMaxPool2d(),
        new Concat(), new Pad([0, 0, 1, 1], [0, 0, 1, 0], -1), new Transpose([0, 2, 3, 1]), new Flatten(), new Dropout(0.5f),
    ];

    private static IEnumerable<Op> Arithmetic() =>
    [
        new AvgPool2d(Graph.Window.Square(2, 2)), new AdaptiveAvgPool2d(2, 3), new GlobalAvgPool2d(), new LocalResponseNorm(), new BatchNorm2d(), new BatchNorm2d { Range = OutputRange.ReLU },
        new Softmax(), new Add(), new Sub(), new Mul(),
    ];

    /// <summary>A device may take numbers below the normal range (1.2e-38) for zero, so the scale is more than they are.</summary>
    [TestCaseSource(nameof(Movers))]
    public void They_are_passed_on(object op) => Check((Op)op, [.. NotFinite, .. Tiny], oneIn: 6, scale: 1e-30);

    [TestCaseSource(nameof(Arithmetic))]
    public void They_are_computed_with(object op)
    {
        // Not together: where a tiny number is taken for zero, its product with infinity is no number.
        Check((Op)op, NotFinite, oneIn: 15, scale: 1);
        Check((Op)op, Tiny, oneIn: 4, scale: 1);
    }

    [Test]
    public void They_are_divided() => Check(new Div(), [.. NotFinite, 0], oneIn: 6, scale: 1);

    [Test]
    public void They_stay_within_the_windows_of_convolutions() => ForAny(2 * Runs, random =>
    {
        var op = new Conv2d(Channels(random), Graph.Window.Square(random.Next(1, 4), random.Next(1, 3))) { Range = random.Next(2) == 0 ? OutputRange.All : OutputRange.ReLU };
        // Minimal filtering spreads them over its tiles: decision 15.
        var kernels = KernelSet.Of(DeviceTraits.Of(Device.Info));
        var direct = new ConvolutionKernels(kernels with { Forward = [.. kernels.Forward.Where(k => k is not WinogradConvolution)] });
        Run(random, NotFinite, oneIn: 60, direct).Verify(op, 1e-5, 1, [random.Next(1, 3), Channels(random), random.Next(3, 12), random.Next(3, 12)]);
    });

    [Test]
    public void They_stay_within_the_rows_of_linear_layers() => ForAny(Runs, random
        => Run(random, NotFinite, oneIn: 200).Verify(new Linear(Channels(random)), 1e-5, 1, [random.Next(1, 6), random.Next(1, 200)]));

    private void Check(Op op, double[] special, int oneIn, double scale) => ForAny(Runs, random =>
    {
        Shape x = [random.Next(1, 3), Channels(random), 5, 6];
        Run(random, special, oneIn).Verify(op, 2e-6, scale, [.. Enumerable.Repeat(x, op is BinaryOp or Concat ? 2 : 1)]);
    });

    /// <summary>Only inputs are special: weights that are not finite are reported when they are read.</summary>
    private OpRun Run(Random random, double[] special, int oneIn, IKernelChooser? kernels = null) => new(Device, random)
    {
        Kernels = kernels ?? new ConvolutionKernels(DeviceTraits.Of(Device.Info)),
        Element = (r, name) => name[0] == 'x' && r.Next(oneIn) == 0 ? special[r.Next(special.Length)] : OpRun.Uniform(r, name),
    };
}
