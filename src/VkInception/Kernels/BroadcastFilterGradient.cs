using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_backward_filter_broadcast: one subgroup per workgroup, lanes along output channels, inputs passed between lanes; one group.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="tileRows">Rows of dw of a workgroup.</param>
/// <param name="tileVectors">Output channels of a workgroup, in subgroups.</param>
/// <param name="wide">Whether a lane loads two elements at a time.</param>
/// <param name="joined">Whether a row of the window and its channels are one run of elements: for few or odd channels.</param>
internal sealed class BroadcastFilterGradient(DeviceTraits device, int tileRows, int tileVectors, bool wide = false, bool joined = false) : SlicedFilterGradient(device, tileRows)
{
    /// <summary>Passing an element round, in multiply-adds of a subgroup.</summary>
    private const double Pass = 2;

    private readonly string shader = wide ? "conv2d_backward_filter_broadcast2" : "conv2d_backward_filter_broadcast";
    private readonly int perLoad = wide ? 2 : 1;

    /// <inheritdoc/>
    public override string Name => $"{KernelNaming.Filter}broadcast{(wide ? "2" : "")}{(joined ? "-joined" : "")}-{TileRows}x{tileVectors}";

    /// <inheritdoc/>
    public override bool HasDouble => !wide;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionBackwardFilter work)
        => Device.SubgroupShuffle && work.Groups == 1 && (!wide || HasPairs(work)) && (!joined || (work.X.IsDense && work.Window.DilationW == 1));

    /// <inheritdoc/>
    protected override ShaderDispatch Launch(ConvolutionBackwardFilter work, Gradient dw, long slicePixels, long slices)
    {
        (int x, int y) = Tiling.Grid(Device, RowTiles(work), OutputTiles(work), slicePixels, slices);
        return Launch(shader, work, dw, slicePixels).Specialize("tile_vectors", tileVectors).Specialize("joined", joined)
            .Groups(x, y, Tiling.Groups(slices), Device.SubgroupSize, wholeSubgroup: true);
    }

    /// <inheritdoc/>
    protected override long RowTiles(ConvolutionBackwardFilter work)
    {
        long run = (long)work.X.Shape.C * (joined ? work.Window.KernelW : 1);
        return (long)work.Window.KernelH * (joined ? 1 : work.Window.KernelW) * Tiling.Tiles(run, TileRows);
    }

    /// <inheritdoc/>
    protected override long OutputTiles(ConvolutionBackwardFilter work) => Tiling.Tiles(work.Dy.Shape.C, (long)tileVectors * Device.SubgroupSize);

    /// <inheritdoc/>
    protected override double TileCost(ConvolutionBackwardFilter work, long pixels)
    {
        double loads = tileVectors / perLoad + Tiling.Tiles(TileRows, (long)Device.SubgroupSize * perLoad) + 1;
        return pixels * (Load * loads + Pass * TileRows + TileRows * tileVectors) + Load * TileRows * tileVectors / perLoad;
    }

    private bool HasPairs(ConvolutionBackwardFilter work)
        => (Device.Int64 || work.X.Type == ElementType.Float16) && IsEven(work.X) && IsEven(work.Dy) && work.Dw.View.Offset % 2 == 0;

    private static bool IsEven(TensorView view) => view.Shape.C % 2 == 0 && view.RowStride % 2 == 0 && view.Offset % 2 == 0;
}
