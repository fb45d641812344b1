using VkInception.DeviceTests.Ops;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Kernels;
using static VkInception.DeviceTests.Ops.RandomShapes;

namespace VkInception.DeviceTests.Convolution;

/// <summary>The gradients of convolutions and linear layers by every kernel, against plain sums in double precision.</summary>
internal sealed class ConvolutionBackwardTests(DeviceUnderTest target) : DeviceFixture(target)
{
    /// <summary>Of sums of up to some hundred products of numbers in [−1, 1], relative to the largest.</summary>
    private const double Tolerance = 1e-5;

    private ConvolutionKernels Kernels => new(DeviceTraits.Of(Device.Info));

    [Test]
    public void Any_kernel_agrees_with_the_reference_on_any_geometry() => ForAny(150, random =>
    {
        Conv2d op;
        Shape x;
        do
        {
            int groups = random.Next(4) switch { 0 => 2, 1 => random.Next(1, 6), _ => 1 };
            bool depthwise = random.Next(8) == 0;
            int inside = groups * Channels(random), outside = depthwise ? inside * random.Next(1, 3) : groups * Channels(random);
            op = new Conv2d(outside, Window(random), depthwise ? inside : groups, random.Next(3) > 0) { Range = Range(random) };
            x = [random.Next(1, 4), inside, random.Next(1, 12), random.Next(1, 14)];
        }
        while (!Fits(op, x));
        Verify(random, op, x);
    });

    [Test]
    public void Any_kernel_agrees_with_the_reference_for_unit_strides() => ForAny(80, random =>
    {
        Conv2d op;
        Shape x;
        do
        {
            Window window = Window(random) with { StrideH = 1, StrideW = 1 };
            op = new Conv2d(2 * Channels(random), window, 1, random.Next(2) == 0) { Range = Range(random) };
            x = [random.Next(1, 4), 2 * Channels(random), random.Next(1, 12), random.Next(1, 14)];
        }
        while (!Fits(op, x));
        Verify(random, op, x);
    });

    private static IEnumerable<string> MinimalFiltering()
        => KernelSet.Of(new DeviceTraits { SubgroupSize = 8, MaxWorkgroupInvocations = 128 }).Filter.OfType<WinogradFilterGradient>().Select(k => k.Name);

    [TestCaseSource(nameof(MinimalFiltering))]
    public void Minimal_filtering_agrees_with_the_reference_on_any_three_by_three(string name) => ForAny(15, random =>
    {
        Conv2d op;
        Shape x;
        do
        {
            var window = new Window(3, 3, PadTop: random.Next(4), PadLeft: random.Next(4), PadBottom: random.Next(4), PadRight: random.Next(4));
            op = new Conv2d(2 * random.Next(1, 45), window, 1, random.Next(2) == 0) { Range = Range(random) };
            x = [random.Next(1, 4), 2 * random.Next(1, 25), random.Next(1, 12), random.Next(1, 12)];
        }
        while (!Fits(op, x));
        VerifyOnce(random, new ConvolutionKernels(DeviceTraits.Of(Device.Info), name), op, x);
    });

    [TestCase(4)]
    [TestCase(2)]
    public void Minimal_filtering_agrees_with_the_reference_in_chunks_of_a_few_tiles(int tileSize) => ForAny(8, random =>
    {
        DeviceTraits device = DeviceTraits.Of(Device.Info);
        var chunked = new WinogradFilterGradient(device, tileSize, 16, 4) { ChunkBytes = random.Next(4) * 200_000L };
        var kernels = new ConvolutionKernels(KernelSet.Of(device) with { Filter = [new PlainFilterGradient(device, 8), chunked] }, chunked.Name);
        VerifyOnce(random, kernels, new Conv2d(2 * random.Next(1, 20), Graph.Window.Square(3, 1, 1)), [2, 2 * random.Next(1, 20), random.Next(5, 20), random.Next(5, 20)]);
    });

    [TestCase("filter-rows-4x8")]
    [TestCase("filter-rows-4x4")]
    public void Rows_agree_with_the_reference_on_few_channels(string name) => ForAny(25, random =>
    {
        Conv2d op;
        Shape x;
        do
        {
            Window window = Window(random, dilated: false) with { DilationH = random.Next(1, 3) };
            op = new Conv2d(2 * random.Next(1, 40), window, 1, random.Next(2) == 0) { Range = Range(random) };
            x = [random.Next(1, 4), random.Next(1, 5), random.Next(1, 14), random.Next(1, 40)];
        }
        while (!Fits(op, x));
        VerifyOnce(random, new ConvolutionKernels(DeviceTraits.Of(Device.Info), name), op, x);
    });

    [TestCase("filter-plain")]
    [TestCase("filter-broadcast2")]
    [TestCaseSource(nameof(MinimalFiltering))]
    public void Errors_of_long_sums_stay_within_what_each_kernel_states(string name)
    {
        // The rounding errors of one plain sum of n products of random signs have a deviation of a seventh of n units: five times that.
        const double large = 1e4, errors = 5.0 / 7;
        Shape x = [3, 2, 92, 93];
        double growth = Kernels.Set.Filter.First(k => k.Name.StartsWith(name, StringComparison.Ordinal)).ErrorGrowth;
        new OpRun(Device, new Random(7)) { Kernels = new ConvolutionKernels(DeviceTraits.Of(Device.Info), name), Scale = large }
            .VerifyBackward(new Conv2d(4, Graph.Window.Square(3, 1, 1)), growth * errors * (x.Count / x.C) * Math.Pow(2, -24) / large, x);
    }

    [Test]
    public void Linear_layers_agree_with_the_reference() => ForAny(60, random =>
        Verify(random, new Linear(Channels(random), random.Next(3) > 0) { Range = Range(random) }, [random.Next(1, 70), random.Next(1, 90)]));

    private static IEnumerable<TestCaseData> Layers()
    {
        yield return Layer("stem", new Conv2d(64, Graph.Window.Square(7, 2, 3)) { Range = OutputRange.ReLU }, [1, 3, 21, 23]);
        yield return Layer("stem in whole tiles", new Conv2d(64, Graph.Window.Square(7, 2, 3)) { Range = OutputRange.ReLU }, [2, 3, 13, 28]);
        yield return Layer("11×11/4", new Conv2d(32, Graph.Window.Square(11, 4, 2)) { Range = OutputRange.ReLU }, [1, 3, 19, 35]);
        yield return Layer("3×3", new Conv2d(72, Graph.Window.Square(3, 1, 1)) { Range = OutputRange.ReLU }, [2, 24, 5, 7]);
        yield return Layer("3×3 of one pixel", new Conv2d(96, Graph.Window.Square(3, 1, 1)) { Range = OutputRange.ReLU }, [13, 32, 1, 1]);
        yield return Layer("3×3/2", new Conv2d(48, Graph.Window.Square(3, 2, 1), Bias: false), [2, 24, 9, 9]);
        yield return Layer("pointwise", new Conv2d(104, Graph.Window.Square(1)) { Range = OutputRange.ReLU }, [2, 88, 7, 7]);
        yield return Layer("pointwise/2", new Conv2d(32, Graph.Window.Square(1, 2), Bias: false), [2, 24, 7, 8]);
        yield return Layer("depthwise", new Conv2d(24, Graph.Window.Square(3, 2, 1), 24, false), [2, 24, 9, 9]);
        yield return Layer("1×7", new Conv2d(16, new Window(1, 7, PadLeft: 3, PadRight: 3)), [2, 24, 9, 9]);
        yield return Layer("many pixels", new Conv2d(6, Graph.Window.Square(1)) { Range = OutputRange.ReLU }, [2, 5, 41, 43]);
        yield return Layer("padded beyond the kernel", new Conv2d(16, Graph.Window.Square(2, 1, 3)), [1, 16, 5, 6]);
    }

    [TestCaseSource(nameof(Layers))]
    public void Every_kernel_agrees_with_the_reference_on_layers_of_the_networks(object op, object x)
    {
        var kernels = new EachKernel(Kernels);
        do VerifyOnce(new Random(kernels.Round), kernels, (Op)op, (Shape)x);
        while (kernels.Advance());
    }

    [Test]
    public void NaN_in_the_output_lets_the_gradient_pass() => ForAny(30, random => new OpRun(Device, random)
    {
        Kernels = Kernels,
        Element = (r, name) => name == "x0" && r.Next(12) == 0 ? double.NaN : r.NextDouble() * 2 - 1,
        Scale = 1,
    }.VerifyBackward(new Linear(Channels(random)) { Range = new OutputRange(-0.5f, 0.5f) }, Tolerance, [3, Channels(random)]));

    private static OutputRange Range(Random random)
        => random.Next(5) switch { 0 => OutputRange.ReLU, 1 => new OutputRange(0, 6), 2 => new OutputRange(-0.5f, 0.5f), 3 => new OutputRange(float.NegativeInfinity, 0.25f), _ => OutputRange.All };

    private static TestCaseData Layer(string name, Op op, Shape x) => new TestCaseData(op, x).SetArgDisplayNames(name);

    private void Verify(Random random, Op op, Shape x) => VerifyOnce(random, new ChanceKernel(Kernels, random), op, x);

    private void VerifyOnce(Random random, IKernelChooser kernels, Op op, Shape x) => new OpRun(Device, random) { Kernels = kernels, Scale = 8 }.VerifyBackward(op, Tolerance, x);
}
