using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_backward_filter_coopmat: a product of matrices of halves with float sums, by the device's matrix units; one group.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="tile">What a workgroup computes: rows are rows of dw, columns output channels.</param>
internal sealed class CoopmatFilterGradient(DeviceTraits device, MatrixTile tile) : SlicedFilterGradient(device, tile.Rows)
{
    /// <inheritdoc/>
    public override string Name => $"{KernelNaming.Filter}{tile.Name}";

    /// <inheritdoc/>
    /// <remarks>Matrix units may cut what does not fit where other sums round: errors then add up instead of cancelling out.</remarks>
    public override double ErrorGrowth => MatrixTile.ErrorGrowth;

    /// <inheritdoc/>
    public override bool IsMeasuredOnly { get; init; } = true;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionBackwardFilter work)
        => work.Groups == 1 && work.X.Type == ElementType.Float16 && work.Dy.Type == ElementType.Float16 && tile.Invocations % (tile.Rows / 8) == 0
            && tile.Fits(MatrixTile.SharedBytes(MatrixTile.Depth, tile.Rows) + MatrixTile.SharedBytes(MatrixTile.Depth, tile.Columns));

    /// <inheritdoc/>
    protected override ShaderDispatch Launch(ConvolutionBackwardFilter work, Gradient dw, long slicePixels, long slices)
        => tile.Specialize(Launch("conv2d_backward_filter_coopmat", work, dw, slicePixels))
            .Specialize("wide_x", MatrixTile.IsAligned(work.X, work.X.Shape.C, 8))
            .Specialize("wide_dy", MatrixTile.IsAligned(work.Dy, work.Dy.Shape.C, 8))
            .Specialize("wide_dw", work.Dy.Shape.C % 4 == 0 && dw.View.Offset % 4 == 0)
            .Groups(Tiling.Groups(RowTiles(work)), Tiling.Groups(OutputTiles(work)), Tiling.Groups(slices), tile.Invocations);

    /// <inheritdoc/>
    protected override long RowTiles(ConvolutionBackwardFilter work)
        => Tiling.Tiles((long)work.Window.KernelH * work.Window.KernelW * work.X.Shape.C, tile.Rows);

    /// <inheritdoc/>
    protected override long OutputTiles(ConvolutionBackwardFilter work) => Tiling.Tiles(work.Dy.Shape.C, tile.Columns);

    /// <inheritdoc/>
    /// <remarks>The subgroups of a workgroup count as if they ran one after another: as they do where workgroups are many.</remarks>
    protected override double TileCost(ConvolutionBackwardFilter work, long pixels) => tile.SubgroupsM * tile.SubgroupsN * tile.Cost(pixels);
}
