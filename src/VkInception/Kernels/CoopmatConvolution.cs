using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_forward_coopmat: a product of matrices of halves with float sums, by the device's matrix units; one group.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="tile">What a workgroup computes: rows are output pixels, columns output channels.</param>
internal sealed class CoopmatConvolution(DeviceTraits device, MatrixTile tile) : ConvolutionKernel
{
    /// <inheritdoc/>
    public override string Name => tile.Name;

    /// <inheritdoc/>
    /// <remarks>Matrix units may cut what does not fit where other sums round: errors then add up instead of cancelling out.</remarks>
    public override double ErrorGrowth => MatrixTile.ErrorGrowth;

    /// <inheritdoc/>
    public override bool IsMeasuredOnly { get; init; } = true;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionWork work)
        => work.Groups == 1 && work.X.Type == ElementType.Float16 && work.W.Type == ElementType.Float16 && work.Y.Type == ElementType.Float16
            && tile.Fits(MatrixTile.SharedBytes(tile.Rows, MatrixTile.Depth) + MatrixTile.SharedBytes(MatrixTile.Depth, tile.Columns));

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work)
    {
        ShaderDispatch launch = Launch("conv2d_forward_coopmat", work, tile.Rows, ReachesOutside(work))
            .Specialize("wide_x", MatrixTile.IsAligned(work.X, work.X.Shape.C, 8))
            .Specialize("wide_w", work.Output.C % 8 == 0 && work.W.Offset % 8 == 0)
            .Specialize("wide_y", MatrixTile.IsAligned(work.Y, work.Output.C, 4));
        return [tile.Specialize(launch).Groups(Tiling.Groups(PixelTiles(work)), Tiling.Groups(ChannelTiles(work)), 1, tile.Invocations)];
    }

    /// <inheritdoc/>
    public override double Cost(ConvolutionWork work)
        => Tiling.Rounds(PixelTiles(work) * ChannelTiles(work) * tile.SubgroupsM * tile.SubgroupsN, device) * tile.Cost(work.Depth);

    private long PixelTiles(ConvolutionWork work) => Tiling.Tiles(work.Pixels, tile.Rows);

    private long ChannelTiles(ConvolutionWork work) => Tiling.Tiles(work.Output.C, tile.Columns);
}
