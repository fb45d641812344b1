using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>One way to compute a convolution: a shader, its tile, and when it applies.</summary>
internal abstract class ConvolutionKernel
{
    /// <summary>The name in plans and traces, for <c>--kernel</c>, and in the tuner's cache: words joined by hyphens, from the family to the tile (pixels by vectors of output channels).</summary>
    public abstract string Name { get; }

    /// <summary>Whether its shader is compiled for doubles too.</summary>
    public virtual bool HasDouble => false;

    /// <summary>Inputs of the same pixels whose products it adds in one launch (<see cref="ConvolutionWork.Others"/>, the first included).</summary>
    public virtual int MostInputs => 1;

    /// <summary>Whether it can mask the result (<see cref="ConvolutionWork.Mask"/>).</summary>
    public virtual bool Masks => false;

    /// <summary>Whether this kernel computes <paramref name="work"/> correctly.</summary>
    public abstract bool Applies(ConvolutionWork work);

    /// <summary>What runs, in order; a workspace between launches is a new <see cref="Storage"/>.</summary>
    public abstract ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work);

    /// <summary>How many times larger rounding errors may be than those of a plain sum in float: what the tuner allows.</summary>
    public virtual double ErrorGrowth => 1;

    /// <summary>Whether only a measurement (<see cref="VkInception.Tuning.KernelTuner"/>) or its name can choose it: faster on some devices, slower, dearer to compile or wrong on others, for reasons that no feature tells.</summary>
    public virtual bool IsMeasuredOnly { get; init; }

    /// <summary>Whether most networks have it anyway, so that one more layer by it costs the start of a program nothing.</summary>
    public bool IsCommon { get; init; }

    /// <summary>An estimate of the time, in multiply-adds of one subgroup, to compare kernels by.</summary>
    public abstract double Cost(ConvolutionWork work);

    /// <summary>A launch of <paramref name="shader"/> with everything that include/conv2d.glsl declares; <paramref name="padded"/> may be true needlessly.</summary>
    protected static ShaderDispatch Launch(string shader, ConvolutionWork work, int tilePixels, bool padded)
    {
        Shape x = work.X.Shape, y = work.Output;
        Window window = work.Window;
        PixelPhase phase = work.Phase;
        int rowStride = work.Y.RowStride, width = work.Y.Shape.W;
        return ShaderDispatch.Of(shader)
            .Read("x", work.X).Read("w", work.W).Read("b", work.B ?? work.W).Gradient("y", new Gradient(work.Y, work.Accumulate))
            .With("pixels", (int)work.Pixels).With("channels", x.C / work.Groups).With("outputs", y.C).With("groupOutputs", y.C / work.Groups)
            .With("xRowStride", work.X.RowStride)
            .With("yOrigin", (phase.Row * width + phase.Column) * rowStride).With("yRowStride", phase.StrideW * rowStride)
            .With("yLineStride", phase.StrideH * width * rowStride).With("yImageStride", work.Y.Shape.H * width * rowStride)
            .With("height", x.H).With("width", x.W).With("outHeight", y.H).With("outWidth", y.W)
            .With("kernelH", window.KernelH).With("kernelW", window.KernelW)
            .With("strideH", window.StrideH).With("strideW", window.StrideW)
            .With("padTop", window.PadTop).With("padLeft", window.PadLeft)
            .With("dilationH", window.DilationH).With("dilationW", window.DilationW)
            .With("low", work.Range.Low).With("high", work.Range.High)
            .Specialize("tile_pixels", tilePixels).Specialize("padded", padded).Specialize("biased", work.B is not null)
            .Specialize("scattered", phase != PixelPhase.All);
    }

    /// <summary>Whether any window takes in a pixel outside the image.</summary>
    protected static bool ReachesOutside(ConvolutionWork work)
    {
        Shape x = work.X.Shape, y = work.Output;
        Window window = work.Window;
        return window.PadTop > 0 || window.PadLeft > 0
            || (y.H - 1) * window.StrideH - window.PadTop + (window.KernelH - 1) * window.DilationH >= x.H
            || (y.W - 1) * window.StrideW - window.PadLeft + (window.KernelW - 1) * window.DilationW >= x.W;
    }
}
