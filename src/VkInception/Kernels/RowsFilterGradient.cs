using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_backward_filter_rows: for few input channels (the first layer); a tile is one row of the kernel with all its channels, and what the overlapping windows of neighbouring pixels see of a row of x is loaded once and passed between lanes.</summary>
/// <remarks>Where rows of dy are no whole tiles an infinity in x makes NaN in taps beside its own.</remarks>
/// <param name="device">The device's features and limits.</param>
/// <param name="tilePixels">Neighbouring pixels of a row of dy that are added at a time.</param>
/// <param name="tileVectors">Output channels of a workgroup, in subgroups: a multiple of 4.</param>
internal sealed class RowsFilterGradient(DeviceTraits device, int tilePixels, int tileVectors) : SlicedFilterGradient(device, tileRows: 1)
{
    /// <summary>Sums of a workgroup, and elements of a row of x that it may hold at a time: each takes a lane's register.</summary>
    private const int MostSums = 256, MostElements = 256;

    /// <summary>Passing an element round, in multiply-adds of a subgroup.</summary>
    private const double Pass = 1.5;

    /// <inheritdoc/>
    public override string Name => $"{KernelNaming.Filter}rows-{tilePixels}x{tileVectors}";

    /// <inheritdoc/>
    /// <remarks>So many sums stay in no GPU's registers; measured on processors only.</remarks>
    public override bool IsMeasuredOnly => !Device.IsProcessor;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionBackwardFilter work)
        => Device.SubgroupShuffle && (Device.Int64 || work.X.Type == ElementType.Float16) && work.Groups == 1
            && work.X.IsDense && work.Window.DilationW == 1 && Run(work) * tileVectors <= MostSums && Elements(work) <= MostElements
            && work.Dy.Shape.C % 2 == 0 && work.Dy.RowStride % 2 == 0 && work.Dy.Offset % 2 == 0 && work.Dw.View.Offset % 2 == 0;

    /// <inheritdoc/>
    protected override int SliceUnit => tilePixels;

    /// <inheritdoc/>
    /// <remarks>Rows of dy are whole tiles.</remarks>
    protected override long Pixels(ConvolutionBackwardFilter work) => work.Dy.Rows / work.Dy.Shape.W * Tiling.Tiles(work.Dy.Shape.W, tilePixels) * tilePixels;

    /// <inheritdoc/>
    protected override ShaderDispatch Launch(ConvolutionBackwardFilter work, Gradient dw, long slicePixels, long slices)
    {
        (int x, int y) = Tiling.Grid(Device, RowTiles(work), OutputTiles(work), slicePixels, slices);
        return Launch("conv2d_backward_filter_rows", work, dw, slicePixels)
            .Specialize("tile_vectors", tileVectors).Specialize("tile_pixels", tilePixels)
            .Specialize("step", Step(work)).Specialize("run", Run(work))
            .Groups(x, y, (int)slices, Device.SubgroupSize, wholeSubgroup: true);
    }

    /// <inheritdoc/>
    protected override long RowTiles(ConvolutionBackwardFilter work) => work.Window.KernelH;

    /// <inheritdoc/>
    protected override long OutputTiles(ConvolutionBackwardFilter work) => Tiling.Tiles(work.Dy.Shape.C, (long)tileVectors * Device.SubgroupSize);

    /// <inheritdoc/>
    protected override double TileCost(ConvolutionBackwardFilter work, long pixels)
    {
        double run = Run(work), loads = 2.0 * Tiling.Tiles(Elements(work), 2L * Device.SubgroupSize) / tilePixels + tileVectors / 2.0;
        return pixels * (Load * loads + Pass * run + run * tileVectors) + Load * run * tileVectors / 2;
    }

    /// <summary>Elements of x from one window to the next.</summary>
    private static int Step(ConvolutionBackwardFilter work) => work.Window.StrideW * work.X.Shape.C;

    /// <summary>Elements of a row of a window.</summary>
    private static int Run(ConvolutionBackwardFilter work) => work.Window.KernelW * work.X.Shape.C;

    /// <summary>Elements of a row of x that the windows of a tile's pixels see.</summary>
    private long Elements(ConvolutionBackwardFilter work) => (tilePixels - 1L) * Step(work) + Run(work);
}
