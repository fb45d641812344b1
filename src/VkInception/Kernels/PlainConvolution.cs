using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_forward: lanes along output channels, plain loads, any geometry and any groups. Needs nothing of the device.</summary>
internal sealed class PlainConvolution(DeviceTraits device, int tilePixels) : ConvolutionKernel
{
    private const int LargestWorkgroup = 64;

    /// <inheritdoc/>
    public override string Name => $"conv2d_forward {tilePixels}×1";

    /// <inheritdoc/>
    public override bool Applies(ConvolutionDispatch work) => true;

    /// <inheritdoc/>
    public override ShaderDispatch Launch(ConvolutionDispatch work)
    {
        int lanes = Lanes(work);
        return Launch("conv2d_forward", work, tilePixels, ReachesOutside(work))
            .Specialize("grouped", work.Groups > 1)
            .Groups(Groups(Tiles(work.Y.Rows, tilePixels)), Groups(Tiles(work.Y.Shape.C, lanes)), 1, lanes);
    }

    /// <inheritdoc/>
    /// <remarks>Every input and every weight is a load of its own, each as dear as a dozen multiply-adds.</remarks>
    public override double Cost(ConvolutionDispatch work)
    {
        const double load = 12;
        int lanes = Lanes(work);
        long tiles = Tiles(work.Y.Rows, tilePixels) * Tiles(work.Y.Shape.C, lanes) * Tiles(lanes, device.SubgroupSize);
        return Rounds(tiles, device) * work.MultiplyAdds / work.Y.Shape.Count * (load * (tilePixels + 1) + tilePixels);
    }

    private int Lanes(ConvolutionDispatch work)
    {
        int lanes = Math.Min(device.SubgroupSize, device.MaxWorkgroupInvocations);
        int most = Math.Min(LargestWorkgroup, device.MaxWorkgroupInvocations);
        while (lanes * 2 <= most && lanes < work.Y.Shape.C && !device.IsProcessor) lanes *= 2;
        return lanes;
    }
}
