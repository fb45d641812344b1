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
        Shape y = work.Y.Shape;
        int lanes = Math.Min(device.SubgroupSize, device.MaxWorkgroupInvocations);
        while (lanes * 2 <= Math.Min(LargestWorkgroup, device.MaxWorkgroupInvocations) && lanes < y.C && !device.IsProcessor) lanes *= 2;
        return Launch("conv2d_forward", work, tilePixels)
            .Specialize("grouped", work.Groups > 1)
            .Groups(Groups(Tiles((long)y.N * y.H * y.W, tilePixels)), Groups(Tiles(y.C, lanes)), 1, lanes);
    }
}
