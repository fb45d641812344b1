using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_forward_pointwise4: 1×1 at unit strides without bias and clamp, of up to three inputs at once, and masked: the input gradient of what an inception module begins with in one pass.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="tilePixels">Output pixels of a workgroup.</param>
/// <param name="tileVectors">Output channels of a workgroup, in subgroups.</param>
internal sealed class PointwiseConvolution(DeviceTraits device, int tilePixels, int tileVectors) : TiledConvolution(device, tilePixels, tileVectors)
{
    /// <inheritdoc/>
    public override string Name => $"pointwise2-{Tile}";

    /// <inheritdoc/>
    public override int MostInputs => 3;

    /// <inheritdoc/>
    public override bool Masks => true;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionWork work)
        => Device.SubgroupShuffle && (Device.Int64 || work.X.Type == ElementType.Float16) && work.Groups == 1 && work.Phase == PixelPhase.All
            && work.B is null && work.Range.IsAll && IsPointwise(work)
            && Inputs(work).All(IsEven) && IsEven(work.Y) && (work.Mask is null || IsEven(work.Mask.Value)) && work.W.Offset % 2 == 0;

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work)
    {
        ImmutableArray<TensorView> x = [.. Inputs(work)];
        (int across, int along) = Grid(work);
        ShaderDispatch launch = ShaderDispatch.Of("conv2d_forward_pointwise4");
        // Every address that a shader declares must be one, read or not.
        for (int i = 0; i < MostInputs; i++) launch = launch.Read($"x{i}", i < x.Length ? x[i] : x[0]);
        launch = launch.Read("w", work.W).Gradient("y", new Gradient(work.Y, work.Accumulate)).Masked(work.Mask?.Value ?? x[0], work.Mask?.Range ?? OutputRange.All, x[0])
            .With("pixels", (int)work.Pixels).With("outputs", work.Output.C).With("yRowStride", work.Y.RowStride);
        for (int i = 0; i < MostInputs; i++) launch = launch.With($"channels{i}", i < x.Length ? x[i].Shape.C : 0).With($"rowStride{i}", i < x.Length ? x[i].RowStride : 0);
        return
        [
            launch.Specialize("tile_pixels", TilePixels).Specialize("tile_vectors", TileVectors).Specialize("sources", x.Length)
                .Groups(across, along, 1, Device.SubgroupSize, wholeSubgroup: true),
        ];
    }

    /// <inheritdoc/>
    protected override double TileCost(ConvolutionWork work)
    {
        const int perLoad = 2;
        double perElement = Load * TileVectors / perLoad + Pass * TilePixels + TilePixels * TileVectors;
        return Inputs(work).Sum(x => (Tiling.Tiles(x.Shape.C, (long)Device.SubgroupSize * perLoad) * TilePixels + 4) * Load + x.Shape.C * perElement)
            + Load * TilePixels * TileVectors / perLoad;
    }

    private static IEnumerable<TensorView> Inputs(ConvolutionWork work) => work.Others.Prepend(work.X);

    private static bool IsPointwise(ConvolutionWork work)
        => work.Window is { KernelH: 1, KernelW: 1, StrideH: 1, StrideW: 1, PadTop: 0, PadLeft: 0 } && work.X.Shape.H == work.Output.H && work.X.Shape.W == work.Output.W;

    private static bool IsEven(TensorView view) => view.Shape.C % 2 == 0 && view.RowStride % 2 == 0 && view.Offset % 2 == 0;
}
