using VkInception.DeviceTests.Ops;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Kernels;
using static VkInception.DeviceTests.Ops.RandomShapes;

namespace VkInception.DeviceTests.Convolution;

/// <summary>The cooperative-matrix kernels against references in double precision, whatever shape the device's matrices have.</summary>
/// <remarks>Tiles are of any size here: software devices, which emulate matrices, are not offered the large ones, for they take minutes to compile.</remarks>
internal sealed class CoopmatTests(DeviceUnderTest target) : DeviceFixture(target)
{
    /// <summary>A rounding of half precision, of a result and of one that it is computed from.</summary>
    private const double Rounding = 2e-3;

    private static readonly Graph.Window Odd = new(3, 2, 2, 3, 1, 0, 2, 1, 2, 1);

    [SetUp]
    public void NeedsMatrices()
    {
        if (Traits.HalfMatrix is null) Assert.Ignore($"{Device.Info.Name} has no cooperative matrices of halves with float sums");
    }

    private DeviceTraits Traits => DeviceTraits.Of(Device.Info) with { IsProcessor = false };

    private static IEnumerable<TestCaseData> Layers()
    {
        yield return Layer("the stem, three channels", new Conv2d(64, Graph.Window.Square(7, 2, 3)), [1, 3, 19, 23]);
        yield return Layer("3×3", new Conv2d(72, Graph.Window.Square(3, 1, 1)) { Range = OutputRange.ReLU }, [2, 24, 9, 7]);
        yield return Layer("pointwise", new Conv2d(40, Graph.Window.Square(1), Bias: false), [2, 104, 5, 7]);
        yield return Layer("5×5 of few channels", new Conv2d(16, Graph.Window.Square(5, 1, 2)), [1, 8, 9, 9]);
        yield return Layer("one pixel", new Conv2d(50, Graph.Window.Square(1)), [3, 96, 1, 1]);
        yield return Layer("odd channels, strides, dilation and padding", new Conv2d(13, Odd, Bias: true) { Range = OutputRange.ReLU }, [2, 7, 11, 12]);
        yield return Layer("one channel", new Conv2d(1, Graph.Window.Square(3, 2, 1)), [1, 1, 9, 9]);
        yield return Layer("a kernel larger than its stride's phases", new Conv2d(8, Graph.Window.Square(2, 3)), [1, 16, 9, 10]);
    }

    [TestCaseSource(nameof(Layers))]
    public void ALayerAndItsGradients(Op op, Shape x)
    {
        // One matrix; several to a subgroup and several subgroups, either way.
        int seed = 0;
        foreach (MatrixTile tile in (MatrixTile[])[Tile(1, 1, 1, 1), Tile(2, 1, 1, 2), Tile(1, 2, 2, 1)])
            Verify(new Random(seed++), op, tile, x);
    }

    [Test]
    public void AnyGeometry() => ForAny(16, random =>
    {
        Conv2d op;
        Shape x;
        do
        {
            Graph.Window window = random.Next(2) == 0 ? Window(random) : Window(random) with { StrideH = 1, StrideW = 1 };
            op = new Conv2d(Count(random), window, Bias: random.Next(3) > 0) { Range = random.Next(2) == 0 ? OutputRange.All : OutputRange.ReLU };
            x = [random.Next(1, 4), Count(random), random.Next(1, 12), random.Next(1, 14)];
        }
        while (!Fits(op, x));
        Verify(random, op, Tile(1, 1, 1, 1), x);

        static int Count(Random random) => random.Next(2) == 0 ? Channels(random) : 8 * random.Next(1, 6);
    });

    /// <summary>A tile of so many matrices per subgroup and subgroups along rows and columns.</summary>
    private MatrixTile Tile(int matricesM, int matricesN, int subgroupsM, int subgroupsN)
    {
        VkInception.Vulkan.CooperativeMatrix matrix = Traits.HalfMatrix!;
        return new MatrixTile(Traits, matrix.M * matricesM * subgroupsM, matrix.N * matricesN * subgroupsN, subgroupsM, subgroupsN);
    }

    private static TestCaseData Layer(string name, Conv2d op, Shape x) => new TestCaseData(op, x).SetArgDisplayNames(name);

    private void Verify(Random random, Op op, MatrixTile tile, Shape x)
    {
        var convolution = new CoopmatConvolution(Traits, tile);
        var filter = new CoopmatFilterGradient(Traits, tile);
        var set = new KernelSet([convolution], [filter], new PlainConvolution(Traits, 4, exact: true), new DataGradient(Traits));
        new OpRun(Device, random) { Type = ElementType.Float16, Kernels = new ConvolutionKernels(set, "coopmat"), Scale = 4, Sample = 24 }.VerifyBackward(op, Rounding, x);
    }
}
