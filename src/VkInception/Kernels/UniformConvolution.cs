using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_forward_uniform: lanes along output channels, inputs loaded by uniform addresses, four channels at a time. Needs no subgroup operation.</summary>
internal sealed class UniformConvolution(DeviceTraits device, int tilePixels, int tileVectors) : TiledConvolution(device, tilePixels, tileVectors)
{
    private const int PerLoad = 4;

    /// <inheritdoc/>
    public override string Name => $"uniform-{Tile}";

    /// <inheritdoc/>
    public override bool Applies(ConvolutionWork work) => work.Groups == 1 && work.X.IsVec4;

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work) => [LaunchTiles("conv2d_forward_uniform", work, wholeSubgroup: false)];

    /// <inheritdoc/>
    protected override double TileCost(ConvolutionWork work)
    {
        long depth = work.MultiplyAdds / work.Output.Count;
        // Software drivers load a uniform vec4 as four times as many elements as there are lanes.
        double perInput = Device.IsProcessor ? Load : Load / PerLoad;
        return depth * (perInput * TilePixels + Load * TileVectors + TilePixels * TileVectors) + Load * TilePixels * TileVectors;
    }
}
