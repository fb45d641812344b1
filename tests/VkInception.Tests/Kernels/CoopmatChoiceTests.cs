using NUnit.Framework;
using VkInception.Graph;
using VkInception.Kernels;

namespace VkInception.Tests.Kernels;

/// <summary>When convolutions are given to the device's matrix units.</summary>
internal sealed class CoopmatChoiceTests
{
    private static readonly DeviceTraits Gpu = new()
    {
        SubgroupSize = 32,
        MaxWorkgroupInvocations = 1024,
        SubgroupShuffle = true,
        Int64 = true,
        SharedMemoryBytes = 48 << 10,
        HalfMatrix = new(16, 16, 16),
    };

    [Test]
    public void TheyAreOfferedForHalvesOnADeviceWithMatricesAndNoEstimateTakesThem()
    {
        ConvolutionDispatch half = Work(ElementType.Float16, 8, 28), single = Work(ElementType.Float32, 8, 28);
        Assert.That(Chosen(Gpu, half), Does.StartWith("coopmat-"));
        Assert.That(Chosen(Gpu, single), Does.Not.StartWith("coopmat-"));
        Assert.That(Chosen(Gpu with { HalfMatrix = null }, half), Does.Not.StartWith("coopmat-"));
        Assert.That(new ConvolutionKernels(Gpu).Choose(half).Name, Does.Not.StartWith("coopmat-"), "a device may advertise matrices that are slow or wrong: only the tuner takes them");

        static string Chosen(DeviceTraits device, ConvolutionDispatch work) => new ConvolutionKernels(device, "coopmat").Choose(work).Name;
    }

    [Test]
    public void LargerLayersTakeLargerTiles()
    {
        Assert.That(Tile(64, 56), Is.EqualTo(128));
        Assert.That(Tile(1, 7), Is.LessThanOrEqualTo(32));

        static int Tile(int batch, int size) => int.Parse(new ConvolutionKernels(Gpu, "coopmat").Choose(Work(ElementType.Float16, batch, size, outputs: 256)).Name.Split('-', 'x')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Test]
    public void TilesThatDoNotFitAreNotOffered()
    {
        ConvolutionDispatch half = Work(ElementType.Float16, 8, 28);
        Assert.That(Names(Gpu with { SharedMemoryBytes = 16 << 10 }), Has.None.EqualTo("coopmat-128x128").And.Some.EqualTo("coopmat-64x64"));
        Assert.That(Names(Gpu with { MaxWorkgroupInvocations = 64 }), Has.None.EqualTo("coopmat-64x64").And.Some.EqualTo("coopmat-32x32"));
        Assert.That(Names(Gpu with { IsProcessor = true, SubgroupSize = 8, HalfMatrix = new(8, 8, 8) }), Has.None.EqualTo("coopmat-32x32").And.Some.EqualTo("coopmat-16x16"));

        IEnumerable<string> Names(DeviceTraits device) => new ConvolutionKernels(device).Candidates(half).Select(c => c.Name);
    }

    [TestCase(8, 16, 16)]
    [TestCase(16, 16, 16)]
    [TestCase(8, 8, 8)]
    public void AnyShapeOfMatricesFillsATile(int m, int n, int k)
    {
        ShaderDispatch launch = new ConvolutionKernels(Gpu with { HalfMatrix = new(m, n, k) }, "coopmat-64x64").Choose(Work(ElementType.Float16, 8, 28)).Launches[0];
        Assert.That(launch.LocalSize, Is.EqualTo(4 * 32));
        Assert.That(launch.SubgroupSize, Is.EqualTo(32));
        Assert.That(launch.Specialization.Where(s => s.Name.StartsWith("matrix", StringComparison.Ordinal)).Select(s => (int)s.Bits), Is.EqualTo(new[] { m, n, k }));
    }

    [Test]
    public void ChannelsThatAreNoMultiplesAreReadOneByOne()
    {
        ShaderDispatch Launch(int channels, int outputs) => new ConvolutionKernels(Gpu, "coopmat-64x64").Choose(Work(ElementType.Float16, 8, 28, channels, outputs)).Launches[0];
        Assert.That(Wide(Launch(128, 192)), Is.EqualTo(new[] { true, true, true }));
        Assert.That(Wide(Launch(3, 192)), Is.EqualTo(new[] { false, true, true }));
        Assert.That(Wide(Launch(128, 100)), Is.EqualTo(new[] { true, false, true }));
        Assert.That(Wide(Launch(128, 1)), Is.EqualTo(new[] { true, false, false }));

        static bool[] Wide(ShaderDispatch launch) => [.. launch.Specialization.Where(s => s.Name.StartsWith("wide", StringComparison.Ordinal)).Select(s => s.Bits != 0)];
    }

    private static ConvolutionDispatch Work(ElementType type, int batch, int size, int channels = 128, int outputs = 192)
    {
        Shape x = [batch, channels, size, size], w = [outputs, channels, 3, 3], y = [batch, outputs, size, size];
        return new ConvolutionDispatch(Dense(x), Dense(w), null, Dense(y), Window.Square(3, 1, 1), 1, OutputRange.All);

        TensorView Dense(Shape shape) => TensorView.Dense(shape, new Storage("block", shape.Count, type: type));
    }
}
