using FsCheck;
using FsCheck.Fluent;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Kernels;

namespace VkInception.DeviceTests.Convolution;

internal sealed class ConvolutionTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private ConvolutionKernels Kernels => new(DeviceTraits.Of(Device.Info));

    [Test]
    public void Every_kernel_agrees_with_the_reference_on_any_geometry()
        => Prop.ForAll(ConvolutionCase.Any.ToArbitrary(), CheckAll).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static IEnumerable<TestCaseData> Layers()
    {
        yield return Layer("stem", 1, 3, 19, 23, new Conv2d(64, Window.Square(7, 2, 3)));
        yield return Layer("stem on a slice", 1, 3, 19, 23, new Conv2d(64, Window.Square(7, 2, 3)), xGap: 1);
        yield return Layer("stem in whole tiles", 1, 3, 23, 56, new Conv2d(64, Window.Square(7, 2, 3)));
        yield return Layer("11×11/4", 2, 3, 35, 131, new Conv2d(96, Window.Square(11, 4, 2)), yGap: 6, shift: 2);
        yield return Layer("3×3", 2, 48, 9, 9, new Conv2d(104, Window.Square(3, 1, 1)));
        yield return Layer("3×3 into a concat", 1, 48, 7, 7, new Conv2d(128, Window.Square(3, 1, 1)), yGap: 896);
        yield return Layer("3×3 in chunks", 3, 160, 23, 25, new Conv2d(72, Window.Square(3, 1, 1)));
        yield return Layer("3×3 of odd channels", 2, 35, 11, 6, new Conv2d(66, new Window(3, 3, PadTop: 2, PadLeft: 0, PadBottom: 0, PadRight: 1)), xGap: 2, yGap: 6, shift: 2);
        yield return Layer("3×3 of few pixels", 2, 24, 3, 2, new Conv2d(40, Window.Square(3, 1, 2)));
        yield return Layer("5×5 of few channels", 1, 24, 9, 9, new Conv2d(64, Window.Square(5, 1, 2)));
        yield return Layer("pointwise", 1, 264, 9, 9, new Conv2d(160, Window.Square(1)), yGap: 672);
        yield return Layer("pointwise of a slice", 2, 40, 7, 7, new Conv2d(104, Window.Square(1)), xGap: 24, yGap: 8, shift: 4);
        yield return Layer("linear", 3, 512, 1, 1, new Conv2d(1000, Window.Square(1)));
        yield return Layer("linear of odd sizes", 1, 515, 1, 1, new Conv2d(77, Window.Square(1)));
        yield return Layer("linear of few outputs", 1, 100, 1, 1, new Conv2d(20, Window.Square(1)) { Range = OutputRange.ReLU });
        yield return Layer("pointwise of few outputs", 1, 72, 3, 2, new Conv2d(12, Window.Square(1)), xGap: 8, yGap: 20, shift: 4);
        yield return Layer("5×5 of few outputs", 1, 24, 3, 3, new Conv2d(16, Window.Square(5, 1, 2)) { Range = OutputRange.ReLU });
        yield return Layer("depthwise", 1, 72, 15, 15, new Conv2d(72, Window.Square(3, 2, 1), 72));
        yield return Layer("grouped", 1, 64, 9, 9, new Conv2d(96, Window.Square(3, 1, 1), 4));
        yield return Layer("1×7", 1, 40, 17, 17, new Conv2d(48, new Window(1, 7, PadLeft: 3, PadRight: 3)));
    }

    [Test]
    public void Every_kernel_agrees_with_the_reference_on_any_three_by_three()
        => Prop.ForAll(ConvolutionCase.ThreeByThree.ToArbitrary(), CheckAll).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Test]
    public void Every_kernel_agrees_with_the_reference_on_few_channels()
        => Prop.ForAll(ConvolutionCase.FewChannels.ToArbitrary(), CheckAll).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [TestCaseSource(nameof(Layers))]
    public void Every_kernel_agrees_with_the_reference_on_layers_of_the_networks(object layer) => CheckAll((ConvolutionCase)layer);

    [Test]
    public void NaN_passes_every_kernel_and_clamp()
    {
        var tried = new ConvolutionCase(1, 16, 5, 5, new Conv2d(24, Window.Square(3, 1, 1)) { Range = new OutputRange(0, 6) });
        ForEachKernel(tried, (run, choice) =>
        {
            float[] y = run.Run(choice);
            // Element (0, 3, 2, 2) of x is in the windows of the nine pixels around it, for every output channel; patches of tiles spread it.
            bool spreads = choice.Name.StartsWith("winograd", StringComparison.Ordinal);
            for (int i = 0; i < y.Length; i++)
                if (i / 5 % 5 is >= 1 and <= 3 && i % 5 is >= 1 and <= 3) Assert.That(y[i], Is.NaN, $"{choice.Name}: element {i}");
                else if (!spreads) Assert.That(y[i], Is.Not.NaN, $"{choice.Name}: element {i}");
        }, (x, _, _) => x[3 * 25 + 2 * 5 + 2] = float.NaN);
    }

    [Test]
    public void A_kernel_can_be_forced_by_name_and_an_unknown_name_lists_the_known()
    {
        using var run = new ConvolutionRun(Device, new ConvolutionCase(1, 8, 3, 3, new Conv2d(8, Window.Square(1))));
        foreach (KernelChoice candidate in Kernels.Candidates(run.Work))
            Assert.That(new ConvolutionKernels(DeviceTraits.Of(Device.Info), candidate.Name).Choose(run.Work).Name, Is.EqualTo(candidate.Name));
        Assert.That(() => new ConvolutionKernels(DeviceTraits.Of(Device.Info), "nonsense").Choose(run.Work),
            Throws.TypeOf<VkInceptionException>().With.Message.Contains(Kernels.Names[0]));
    }

    private static TestCaseData Layer(string name, int n, int c, int h, int w, Conv2d op, int xGap = 0, int yGap = 0, int shift = 0)
        => new TestCaseData(new ConvolutionCase(n, c, h, w, op, xGap, yGap, shift)).SetArgDisplayNames(name);

    private void CheckAll(ConvolutionCase tried)
        => ForEachKernel(tried, (run, choice) => run.Check(choice, Kernels.Set.Forward.FirstOrDefault(k => k.Name == choice.Name)?.ErrorGrowth ?? 1));

    private void ForEachKernel(ConvolutionCase tried, Action<ConvolutionRun, KernelChoice> check, Action<float[], float[], float[]>? arrange = null)
    {
        using var run = new ConvolutionRun(Device, tried, arrange: arrange);
        foreach (KernelChoice choice in Kernels.Candidates(run.Work)) check(run, choice);
    }
}
