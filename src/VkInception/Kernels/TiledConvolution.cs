using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>What kernels of tiles share: a workgroup computes a tile of pixels by vectors of output channels; one group.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="tilePixels">Output pixels of a workgroup.</param>
/// <param name="tileVectors">Output channels of a workgroup, in subgroups.</param>
internal abstract class TiledConvolution(DeviceTraits device, int tilePixels, int tileVectors) : ConvolutionKernel
{
    /// <summary>A load in multiply-adds of a subgroup: lane by lane on a processor, latency elsewhere.</summary>
    protected const double Load = 12;

    /// <summary>Passing an element round, in multiply-adds of a subgroup.</summary>
    protected const double Pass = 3;

    /// <summary>The device's features and limits.</summary>
    protected DeviceTraits Device => device;

    /// <summary>Output pixels of a workgroup.</summary>
    protected int TilePixels => tilePixels;

    /// <summary>Output channels of a workgroup, in subgroups.</summary>
    protected int TileVectors => tileVectors;

    /// <summary>The tile as names end in it.</summary>
    protected string Tile => $"{tilePixels}x{tileVectors}";

    /// <inheritdoc/>
    public override double Cost(ConvolutionWork work) => Tiling.LoopsOverArrays(device) * Tiling.Rounds(Workgroups(work), device) * TileCost(work);

    /// <summary>Tiles of <paramref name="work"/>: the workgroups that it can keep busy.</summary>
    public long Workgroups(ConvolutionWork work) => PixelTiles(work) * ChannelTiles(work);

    /// <summary>Tiles of output pixels.</summary>
    protected virtual long PixelTiles(ConvolutionWork work) => Tiling.Tiles(work.Pixels, tilePixels);

    /// <summary>The cost of one tile.</summary>
    protected abstract double TileCost(ConvolutionWork work);

    /// <summary>A launch of <paramref name="shader"/>, one subgroup per workgroup.</summary>
    protected ShaderDispatch LaunchTiles(string shader, ConvolutionWork work, bool wholeSubgroup)
    {
        (int x, int y) = Grid(work);
        return Launch(shader, work, tilePixels, padded: true).Specialize("tile_vectors", tileVectors).Groups(x, y, 1, device.SubgroupSize, wholeSubgroup);
    }

    /// <summary>Workgroups for the tiles of pixels and of channels.</summary>
    /// <remarks>Rounds of a tile's loops are its products, one by one where channels are few, and twice the taps around them.</remarks>
    protected (int X, int Y) Grid(ConvolutionWork work)
        => Tiling.Grid(device, PixelTiles(work), ChannelTiles(work), work.Depth + (2L * work.Window.KernelW + 1) * work.Window.KernelH);

    private long ChannelTiles(ConvolutionWork work) => Tiling.Tiles(work.Output.C, (long)tileVectors * device.SubgroupSize);
}
