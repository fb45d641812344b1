using VkInception.Graph;
using VkInception.Graph.Ops;
using static VkInception.DeviceTests.Ops.RandomShapes;

namespace VkInception.DeviceTests.Ops;

/// <summary>Every operation on half-precision activations.</summary>
internal sealed class HalfPrecisionTests(DeviceUnderTest target) : PrecisionTests(target)
{
    /// <inheritdoc/>
    protected override int Runs => 25;

    /// <summary>Two roundings of half precision, of a result and of one that it is computed from.</summary>
    protected override double Rounding => 2e-3;

    [SetUp]
    public void NeedsHalfStorage()
    {
        if (!Device.Info.Storage16Bit) Assert.Ignore($"{Device.Info.Name} has no half-precision storage");
    }

    [Test]
    public void Batch_norm_by_running_statistics() => ForAny(Runs, random =>
        new OpRun(Device, random) { Type = ElementType.Float16 }.Verify(new BatchNorm2d(1e-3f, random.Next(3) > 0), Rounding, 2, Image(random)));

    [Test]
    public void What_half_cannot_hold_becomes_infinity()
        => new OpRun(Device, new Random(1)) { Type = ElementType.Float16, Element = (r, name) => name == "x0" ? 60000 : 2 }
            .Verify(new Mul { ConstantShape = [1] }, 0, 0, [4, 8]);

    /// <inheritdoc/>
    protected override OpRun Run(Random random, IKernelChooser? kernels, double scale, int integerInput, Func<Random, string, double>? element) => new(Device, random)
    {
        Type = ElementType.Float16,
        Kernels = kernels,
        // Sums of some hundred terms: rounding is relative to the largest.
        Scale = scale,
        Sample = 12,
        IntegerInput = integerInput,
        Element = element ?? OpRun.Uniform,
    };
}
