using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_forward_quads and conv2d_forward_quads2: eight pixels by four or eight neighbouring channels per invocation, written out, for drivers that leave loops and arrays as they are.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="perLane">Output channels of an invocation: 4 or 8.</param>
/// <param name="joined">Whether a row of the window and its channels are one run of elements: for few channels.</param>
internal sealed class QuadsConvolution(DeviceTraits device, int perLane, bool joined = false) : ConvolutionKernel
{
    private const int TilePixels = 8;

    /// <inheritdoc/>
    public override string Name => $"quads{(joined ? "-joined" : "")}-{TilePixels}x{perLane}";

    /// <inheritdoc/>
    public override bool Applies(ConvolutionWork work)
        => work.Groups == 1 && work.Y.IsVec4 && work.Output.C % perLane == 0 && work.W.Offset % 4 == 0 && (work.B?.Offset ?? 0) % 4 == 0
            && (!joined || (work.X.IsDense && work.Window.DilationW == 1));

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work)
    {
        int lanes = Lanes(work);
        return [Launch(perLane == 8 ? "conv2d_forward_quads2" : "conv2d_forward_quads", work, TilePixels, padded: true).Specialize("joined", joined).Specialize("wide", IsWide(work))
            .Groups(Tiling.Groups(PixelTiles(work)), Tiling.Groups(Tiling.Tiles(work.Output.C, (long)lanes * perLane)), 1, lanes)];
    }

    /// <inheritdoc/>
    /// <remarks>As many elements are loaded as the tile has pixels and channels, some four at a time.</remarks>
    public override double Cost(ConvolutionWork work)
    {
        // Where kernels are not compiled as written, four elements of a lane are four loads among those of its neighbours.
        const double load = 12;
        double ofFour = device.CompilesAsWritten ? 9 : load;
        int lanes = Lanes(work);
        long tiles = PixelTiles(work) * Tiling.Tiles(work.Output.C, (long)lanes * perLane) * Tiling.Tiles(lanes, device.SubgroupSize);
        // Along a row of the window the loop is entered and left once, or once per tap.
        long loops = (long)work.Window.KernelH * (joined ? 1 : work.Window.KernelW);
        return Tiling.Rounds(tiles, device) * (work.Depth * ((IsWide(work) ? ofFour : load) * TilePixels + ofFour * perLane + TilePixels * perLane) + loops * load * TilePixels);
    }

    private bool IsWide(ConvolutionWork work) => !joined && work.X.IsVec4;

    private static long PixelTiles(ConvolutionWork work) => Tiling.Tiles(work.Pixels, TilePixels);

    private int Lanes(ConvolutionWork work) => Tiling.PlainLanes(device, work.Output.C / perLane);
}
