using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>One way to compute a convolution: a shader, its tile, and when it applies.</summary>
internal abstract class ConvolutionKernel
{
    /// <summary>Every device takes at least this many workgroups in one direction; the kernels stride over the rest.</summary>
    private const int MaxGroups = 65535;

    /// <summary>Subgroups at work at once, in order of magnitude: a core runs one; a GPU needs several per core to hide the latency of memory.</summary>
    private const double SubgroupsOfProcessor = 4, SubgroupsOfGpu = 512;

    /// <summary>The name in plans, in traces, and by which <see cref="ConvolutionKernels"/> can be made to take it: the shader and its tile.</summary>
    public abstract string Name { get; }

    /// <summary>Whether this kernel computes <paramref name="work"/> correctly.</summary>
    public abstract bool Applies(ConvolutionDispatch work);

    /// <summary>The launch.</summary>
    public abstract ShaderDispatch Launch(ConvolutionDispatch work);

    /// <summary>An estimate of the time, in multiply-adds of one subgroup, to compare kernels by.</summary>
    public abstract double Cost(ConvolutionDispatch work);

    /// <summary>How often the device is filled by so many subgroups; fewer than fill it take as long as those that do.</summary>
    protected static double Rounds(long subgroups, DeviceTraits device)
    {
        double resident = device.IsProcessor ? SubgroupsOfProcessor : SubgroupsOfGpu;
        return Math.Max(1, subgroups / resident);
    }

    /// <summary>Workgroups for so many tiles.</summary>
    protected static int Groups(long tiles) => (int)Math.Clamp(tiles, 1, MaxGroups);

    /// <summary><paramref name="count"/> in units of <paramref name="size"/>, rounded up.</summary>
    protected static long Tiles(long count, long size) => (count + size - 1) / size;

    /// <summary>A launch of <paramref name="shader"/> with everything that include/conv2d.glsl declares; <paramref name="padded"/> may be true needlessly.</summary>
    protected static ShaderDispatch Launch(string shader, ConvolutionDispatch work, int tilePixels, bool padded)
    {
        Shape x = work.X.Shape, y = work.Y.Shape;
        Window window = work.Window;
        return ShaderDispatch.Of(shader)
            .Read("x", work.X).Read("w", work.W).Read("b", work.B ?? work.W).Write("y", work.Y)
            .With("pixels", (int)work.Y.Rows).With("channels", x.C / work.Groups).With("outputs", y.C).With("groupOutputs", y.C / work.Groups)
            .With("xRowStride", work.X.RowStride).With("yRowStride", work.Y.RowStride)
            .With("height", x.H).With("width", x.W).With("outHeight", y.H).With("outWidth", y.W)
            .With("kernelH", window.KernelH).With("kernelW", window.KernelW)
            .With("strideH", window.StrideH).With("strideW", window.StrideW)
            .With("padTop", window.PadTop).With("padLeft", window.PadLeft)
            .With("dilationH", window.DilationH).With("dilationW", window.DilationW)
            .With("low", work.Range.Low).With("high", work.Range.High)
            .Specialize("tile_pixels", tilePixels).Specialize("padded", padded).Specialize("biased", work.B is not null);
    }

    /// <summary>Whether any window takes in a pixel outside the image.</summary>
    protected static bool ReachesOutside(ConvolutionDispatch work)
    {
        Shape x = work.X.Shape, y = work.Y.Shape;
        Window window = work.Window;
        return window.PadTop > 0 || window.PadLeft > 0
            || (y.H - 1) * window.StrideH - window.PadTop + (window.KernelH - 1) * window.DilationH >= x.H
            || (y.W - 1) * window.StrideW - window.PadLeft + (window.KernelW - 1) * window.DilationW >= x.W;
    }
}
