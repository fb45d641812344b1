using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_forward, and conv2d_forward_exact: lanes along output channels, plain loads, any geometry and any groups. Needs nothing of the device.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="tilePixels">Output pixels of an invocation.</param>
/// <param name="exact">Whether sums carry their rounding errors along.</param>
internal sealed class PlainConvolution(DeviceTraits device, int tilePixels, bool exact = false) : ConvolutionKernel
{
    private readonly string shader = exact ? "conv2d_forward_exact" : "conv2d_forward";

    /// <inheritdoc/>
    public override string Name => $"{(exact ? "exact" : "plain")}-{tilePixels}x1";

    /// <inheritdoc/>
    public override bool HasDouble => !exact;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionWork work) => true;

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work)
    {
        int lanes = Lanes(work);
        return [Launch(shader, work, tilePixels, ReachesOutside(work))
            .Specialize("grouped", work.Groups > 1)
            .Groups(Tiling.Groups(Tiling.Tiles(work.Pixels, tilePixels)), Tiling.Groups(Tiling.Tiles(work.Output.C, lanes)), 1, lanes)];
    }

    /// <inheritdoc/>
    /// <remarks>Every input and every weight is a load of its own, each as dear as a dozen multiply-adds.</remarks>
    public override double Cost(ConvolutionWork work)
    {
        const double load = 12;
        int lanes = Lanes(work);
        long tiles = Tiling.Tiles(work.Pixels, tilePixels) * Tiling.Tiles(work.Output.C, lanes) * Tiling.Tiles(lanes, device.SubgroupSize);
        return Tiling.LoopsOverArrays(device) * Tiling.Rounds(tiles, device) * work.Depth * (load * (tilePixels + 1) + tilePixels);
    }

    private int Lanes(ConvolutionWork work) => Tiling.PlainLanes(device, work.Output.C);
}
