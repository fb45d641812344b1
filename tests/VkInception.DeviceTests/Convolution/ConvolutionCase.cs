using FsCheck;
using FsCheck.Fluent;
using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.DeviceTests.Convolution;

/// <summary>One convolution to try: geometry, and how x and y lie in memory.</summary>
/// <param name="Batch">N.</param>
/// <param name="Channels">Input channels of all groups.</param>
/// <param name="Height">Of the input.</param>
/// <param name="Width">Of the input.</param>
/// <param name="Op">The operation.</param>
/// <param name="XGap">Elements between the rows of x that are not its own.</param>
/// <param name="YGap">Elements between the rows of y that must stay untouched.</param>
/// <param name="Shift">Elements in front of x and y.</param>
internal sealed record ConvolutionCase(int Batch, int Channels, int Height, int Width, Conv2d Op, int XGap = 0, int YGap = 0, int Shift = 0)
{
    private static readonly int[] SomeChannels = [1, 2, 3, 4, 5, 7, 8, 13, 16, 24, 35];

    /// <summary>Geometries that leave an output: odd sizes, strides over the kernel, padding unlike on each side, dilation, groups, slices.</summary>
    public static Gen<ConvolutionCase> Any { get; } =
        from sizes in Gen.Choose(1, 3).Four()
        from batch in Gen.Choose(1, 3)
        from height in Gen.Choose(1, 12)
        from width in Gen.Choose(1, 17)
        from strides in Gen.Choose(1, 4).Two()
        from dilations in Gen.Choose(1, 2).Two()
        from pads in Gen.Choose(0, 2).Four()
        from groups in Gen.Frequency((5, Gen.Constant(1)), (1, Gen.Choose(2, 4)), (1, Gen.Constant(0)))
        from inside in Gen.Elements(SomeChannels)
        from outside in Gen.Elements(SomeChannels)
        from bias in Gen.Elements(true, false)
        from range in Gen.Elements(OutputRange.All, OutputRange.ReLU, new OutputRange(0, 6), new OutputRange(-0.5f, float.PositiveInfinity))
        from gaps in Gen.Choose(0, 9).Two()
        from shift in Gen.Choose(0, 5)
            // Half the cases are all even, which 8-byte loads need.
        from unit in Gen.Choose(1, 2)
        let window = new Window(sizes.Item1 * 2 - 1, sizes.Item2, strides.Item1, strides.Item2, pads.Item1, pads.Item2, pads.Item3, pads.Item4, dilations.Item1, dilations.Item2)
        // Zero groups stands for depthwise: as many as channels.
        let g = groups == 0 ? inside : groups
        let c = groups == 0 ? inside : inside * groups * unit
        let o = groups == 0 ? inside * sizes.Item3 : outside * groups * unit
        let tried = new ConvolutionCase(batch, c, height, width, new Conv2d(o, window, g, bias) { Range = range }, gaps.Item1 * unit, gaps.Item2 * unit, shift * unit)
        where tried.HasOutput
        select tried;

    /// <summary>Kernels of 3×3 at unit strides: what minimal filtering computes. Padding up to a whole kernel on each side, sizes down to one pixel, slices.</summary>
    public static Gen<ConvolutionCase> ThreeByThree { get; } =
        from batch in Gen.Choose(1, 3)
        from height in Gen.Choose(1, 15)
        from width in Gen.Choose(1, 19)
        from pads in Gen.Choose(0, 3).Four()
        from inside in Gen.Elements(SomeChannels)
        from outside in Gen.Elements(SomeChannels)
        from bias in Gen.Elements(true, false)
        from range in Gen.Elements(OutputRange.All, OutputRange.ReLU, new OutputRange(-0.5f, 0.5f))
        from gaps in Gen.Choose(0, 5).Two()
        from shift in Gen.Choose(0, 3)
        let window = new Window(3, 3, 1, 1, pads.Item1, pads.Item2, pads.Item3, pads.Item4)
        let tried = new ConvolutionCase(batch, inside, height, width, new Conv2d(2 * outside, window, 1, bias) { Range = range }, gaps.Item1, 2 * gaps.Item2, 2 * shift)
        where tried.HasOutput
        select tried;

    /// <summary>Few input channels, rows of x that touch, even slices of y: first layers. Windows from one pixel to beyond the image, rows from one pixel to several tiles.</summary>
    public static Gen<ConvolutionCase> FewChannels { get; } =
        from batch in Gen.Choose(1, 3)
        from channels in Gen.Choose(1, 5)
        from height in Gen.Choose(1, 9)
        from width in Gen.Choose(1, 70)
        from kernels in Gen.Choose(1, 11).Two()
        from strides in Gen.Choose(1, 4).Two()
        from dilation in Gen.Choose(1, 2)
        from pads in Gen.Choose(0, 5).Four()
        from outside in Gen.Elements(SomeChannels)
        from bias in Gen.Elements(true, false)
        from range in Gen.Elements(OutputRange.All, OutputRange.ReLU, new OutputRange(-0.5f, 0.5f))
        from gap in Gen.Choose(0, 5)
        from shift in Gen.Choose(0, 3)
        let window = new Window(kernels.Item1, kernels.Item2, strides.Item1, strides.Item2, pads.Item1, pads.Item2, pads.Item3, pads.Item4, dilation)
        let tried = new ConvolutionCase(batch, channels, height, width, new Conv2d(2 * outside, window, 1, bias) { Range = range }, 0, 2 * gap, 2 * shift)
        where tried.HasOutput
        select tried;

    /// <summary>Of x.</summary>
    public Shape Input => [Batch, Channels, Height, Width];

    /// <summary>Of w.</summary>
    public Shape Weight => [Op.OutChannels, Channels / Op.Groups, Op.Window.KernelH, Op.Window.KernelW];

    /// <summary>Multiply-adds behind one element of y.</summary>
    public int Depth => (int)(Weight.Count / Op.OutChannels);

    private bool HasOutput
    {
        get
        {
            Window k = Op.Window;
            return Height + k.PadTop + k.PadBottom > (k.KernelH - 1) * k.DilationH && Width + k.PadLeft + k.PadRight > (k.KernelW - 1) * k.DilationW;
        }
    }
}
