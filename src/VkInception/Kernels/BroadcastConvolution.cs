using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_forward_broadcast: one subgroup per workgroup, lanes along output channels, inputs passed between lanes.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="tilePixels">Output pixels of a workgroup.</param>
/// <param name="tileVectors">Output channels of a workgroup, in subgroups.</param>
/// <param name="wide">Whether a lane loads two elements at a time.</param>
/// <param name="joined">Whether a row of the window and its channels are one run of elements: for few channels.</param>
internal sealed class BroadcastConvolution(DeviceTraits device, int tilePixels, int tileVectors, bool wide = false, bool joined = false)
    : TiledConvolution(device, tilePixels, tileVectors)
{
    private readonly string shader = wide ? "conv2d_forward_broadcast2" : "conv2d_forward_broadcast";
    private readonly int perLoad = wide ? 2 : 1;

    /// <inheritdoc/>
    public override string Name => $"broadcast{(wide ? "2" : "")}{(joined ? "-joined" : "")}-{Tile}";

    /// <inheritdoc/>
    public override bool HasDouble => !wide;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionWork work)
        => Device.SubgroupShuffle && work.Groups == 1 && (!wide || HasPairs(work)) && (!joined || (work.X.IsDense && work.Window.DilationW == 1));

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work)
        => [LaunchTiles(shader, work, wholeSubgroup: true).Specialize("joined", joined).Specialize("whole", IsWhole(work))];

    /// <inheritdoc/>
    protected override double TileCost(ConvolutionWork work)
    {
        long runs = (long)work.Window.KernelH * (joined ? 1 : work.Window.KernelW);
        long blocks = Tiling.Tiles(Run(work), Block), run = IsWhole(work) ? blocks * Block : Run(work);
        double perElement = Load * TileVectors / perLoad + Pass * TilePixels + TilePixels * TileVectors;
        double perRun = (blocks * TilePixels + 4) * Load + run * perElement;
        return runs * perRun + Load * TilePixels * TileVectors / perLoad;
    }

    /// <summary>Elements that a subgroup loads at a time.</summary>
    private int Block => Device.SubgroupSize * perLoad;

    /// <summary>Neighbouring elements under the window.</summary>
    private long Run(ConvolutionWork work) => (long)work.X.Shape.C * (joined ? work.Window.KernelW : 1);

    /// <summary>Whether runs are taken in whole blocks, of which the last may overlap the one before: half the code to make, and on a processor sooner done than the rest of a run bit by bit.</summary>
    private bool IsWhole(ConvolutionWork work) => Run(work) % Block == 0 || (Device.IsProcessor && Run(work) > Block);

    private bool HasPairs(ConvolutionWork work)
        => (Device.Int64 || work.X.Type == ElementType.Float16) && IsEven(work.X) && IsEven(work.Y) && work.W.Offset % 2 == 0 && (work.B?.Offset ?? 0) % 2 == 0;

    private static bool IsEven(TensorView view) => view.Shape.C % 2 == 0 && view.RowStride % 2 == 0 && view.Offset % 2 == 0;
}
