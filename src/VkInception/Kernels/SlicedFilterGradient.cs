using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>A filter gradient as one sum over the pixels: a shader and its tile.</summary>
/// <remarks>
/// The pixels are cut into slices, so that few tiles of the filter still fill the device; each slice writes a filter of its own to a
/// workspace, and a last launch adds these in order. The cut depends on the work and the device only: the same step gives the same bits.
/// </remarks>
/// <param name="device">The device's features and limits.</param>
/// <param name="tileRows">Consecutive rows of dw, that is input channels of a tap, of a workgroup.</param>
internal abstract class SlicedFilterGradient(DeviceTraits device, int tileRows) : FilterGradientKernel
{
    /// <summary>A load in multiply-adds of a subgroup: lane by lane on a processor, latency elsewhere.</summary>
    protected const double Load = 12;

    /// <summary>Elements that all slices of a gradient may take together: 64 MB.</summary>
    private const long LargestWorkspace = 16 << 20;

    /// <summary>Elements that stay in a core's own cache: a megabyte.</summary>
    private const long Cached = 256 << 10;

    /// <inheritdoc/>
    public override double Cost(ConvolutionBackwardFilter work)
    {
        (long length, long slices) = Slices(work);
        double adding = slices == 1 ? 0 : (slices + 1) * Load * Tiling.Tiles(work.Dw.View.Shape.Count, device.SubgroupSize) / Tiling.Resident(device);
        return Tiling.Rounds(RowTiles(work) * OutputTiles(work) * slices, device) * TileCost(work, length) + adding;
    }

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionBackwardFilter work)
    {
        (long length, long slices) = Slices(work);
        if (slices == 1) return [Launch(work, work.Dw, length, 1)];
        long elements = work.Dw.View.Shape.Count;
        TensorView parts = TensorView.Dense([(int)slices, (int)elements], new Storage("conv2d_backward_filter workspace", slices * elements, type: work.X.SumType));
        return [Launch(work, new Gradient(parts, false), length, slices), .. SliceSum.Launches(parts, work.Dw)];
    }

    /// <summary>The device's features and limits.</summary>
    protected DeviceTraits Device => device;

    /// <summary>Rows of dw of a workgroup.</summary>
    protected int TileRows => tileRows;

    /// <summary>Pixels that slices are multiples of.</summary>
    protected virtual int SliceUnit => device.SubgroupSize;

    /// <summary>Pixels that are cut into slices.</summary>
    protected virtual long Pixels(ConvolutionBackwardFilter work) => work.Dy.Rows;

    /// <summary>Tiles of rows of dw.</summary>
    protected abstract long RowTiles(ConvolutionBackwardFilter work);

    /// <summary>Tiles of output channels.</summary>
    protected abstract long OutputTiles(ConvolutionBackwardFilter work);

    /// <summary>The cost of one tile for so many pixels.</summary>
    protected abstract double TileCost(ConvolutionBackwardFilter work, long pixels);

    /// <summary>The launch that writes all slices to <paramref name="dw"/>.</summary>
    protected abstract ShaderDispatch Launch(ConvolutionBackwardFilter work, Gradient dw, long slicePixels, long slices);

    /// <summary>A launch of <paramref name="shader"/> with everything that include/conv2d_backward_filter.glsl declares.</summary>
    protected ShaderDispatch Launch(string shader, ConvolutionBackwardFilter work, Gradient dw, long slicePixels)
    {
        Shape x = work.X.Shape, y = work.Dy.Shape;
        Window window = work.Window;
        int channels = x.C / work.Groups;
        return ShaderDispatch.Of(shader)
            .Read("x", work.X).Read("dy", work.Dy).Gradient("dw", dw)
            .With("pixels", (int)work.Dy.Rows).With("slicePixels", (int)slicePixels)
            .With("channels", channels).With("outputs", y.C).With("groupOutputs", y.C / work.Groups).With("rows", window.KernelH * window.KernelW * channels)
            .With("xRowStride", work.X.RowStride).With("dyRowStride", work.Dy.RowStride)
            .With("height", x.H).With("width", x.W).With("outHeight", y.H).With("outWidth", y.W)
            .With("kernelH", window.KernelH).With("kernelW", window.KernelW)
            .With("strideH", window.StrideH).With("strideW", window.StrideW)
            .With("padTop", window.PadTop).With("padLeft", window.PadLeft)
            .With("dilationH", window.DilationH).With("dilationW", window.DilationW)
            .Specialize("tile_rows", tileRows);
    }

    /// <summary>Pixels per slice, and how many slices: enough to fill the device a few times, on a processor so short that x and dy stay in the cache for all tiles, but none so short that writing its filter costs more than summing it.</summary>
    private (long Length, long Count) Slices(ConvolutionBackwardFilter work)
    {
        long pixels = Pixels(work), unit = SliceUnit;
        long wanted = Tiling.Tiles((long)(4 * Tiling.Resident(device)), RowTiles(work) * OutputTiles(work));
        if (device.IsProcessor) wanted = Math.Max(wanted, (work.X.Shape.Count + work.Dy.Shape.Count) / Cached);
        long most = Math.Min(Tiling.Tiles(pixels, 8L * device.SubgroupSize), Math.Max(1, LargestWorkspace / work.Dw.View.Shape.Count));
        long length = Tiling.Tiles(Tiling.Tiles(pixels, Math.Clamp(wanted, 1, most)), unit) * unit;
        return (length, Tiling.Tiles(pixels, length));
    }
}
