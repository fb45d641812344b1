using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Kernels;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Ops;

/// <summary>Every operation of a training step in double precision; <see cref="Settings_AreTheDecimalsThatNameThem"/> has attributes that are not dyadic.</summary>
internal sealed class DoublePrecisionTests(DeviceUnderTest target) : PrecisionTests(target)
{
    /// <summary>Differences have nine digits.</summary>
    private const double Differences = 3e-8;

    /// <inheritdoc/>
    protected override int Runs => 10;

    /// <summary>Some hundred roundings of double precision.</summary>
    protected override double Rounding => 1e-12;

    public static void IgnoreWithoutDoubles(GpuDevice device)
    {
        if (!device.Info.Float64) Assert.Ignore($"{device.Info.Name} has no doubles");
    }

    [SetUp]
    public void NeedsDoubles() => IgnoreWithoutDoubles(Device);

    [Test]
    public void A_forced_exact_kernel_does_not_apply()
    {
        var kernels = new ConvolutionKernels(DeviceTraits.Of(Device.Info), forced: "exact-4x1", exact: true);
        new OpRun(Device, new Random(1)) { Type = ElementType.Float64, Kernels = kernels }.VerifyBackward(new Conv2d(8, Graph.Window.Square(3, 1, 1)), Rounding, [1, 8, 5, 5]);
    }

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

    /// <inheritdoc/>
    protected override OpRun Run(Random random, IKernelChooser? kernels, double scale, int integerInput, Func<Random, string, double>? element) => new(Device, random)
    {
        Type = ElementType.Float64,
        Kernels = kernels,
        DifferenceTolerance = Differences,
        Sample = 12,
        IntegerInput = integerInput,
        Element = element ?? OpRun.Uniform,
    };
}
