using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_backward_filter: lanes along output channels, plain loads, any geometry and any groups. Needs nothing of the device.</summary>
internal sealed class PlainFilterGradient(DeviceTraits device, int tileRows) : SlicedFilterGradient(device, tileRows)
{
    /// <inheritdoc/>
    public override string Name => $"{KernelNaming.Filter}plain-{TileRows}x1";

    /// <inheritdoc/>
    public override bool HasDouble => true;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionBackwardFilter work) => true;

    /// <inheritdoc/>
    protected override ShaderDispatch Launch(ConvolutionBackwardFilter work, Gradient dw, long slicePixels, long slices)
        => Launch("conv2d_backward_filter", work, dw, slicePixels).Specialize("grouped", work.Groups > 1)
            .Groups(Tiling.Groups(RowTiles(work)), Tiling.Groups(OutputTiles(work)), Tiling.Groups(slices), Lanes(work));

    /// <inheritdoc/>
    protected override long RowTiles(ConvolutionBackwardFilter work)
        => (long)work.Window.KernelH * work.Window.KernelW * Tiling.Tiles(work.X.Shape.C / work.Groups, TileRows);

    /// <inheritdoc/>
    protected override long OutputTiles(ConvolutionBackwardFilter work) => Tiling.Tiles(work.Dy.Shape.C, Lanes(work));

    /// <inheritdoc/>
    protected override double TileCost(ConvolutionBackwardFilter work, long pixels) => Lanes(work) / Device.SubgroupSize * (pixels * (Load * (TileRows + 1) + TileRows) + Load * TileRows);

    private int Lanes(ConvolutionBackwardFilter work) => Tiling.PlainLanes(Device, work.Dy.Shape.C);
}
