using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_forward_broadcast: one subgroup per workgroup, lanes along output channels, inputs passed between lanes.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="tilePixels">Output pixels of a workgroup.</param>
/// <param name="tileVectors">Output channels of a workgroup, in subgroups.</param>
/// <param name="wide">Whether a lane loads two elements at a time.</param>
/// <param name="joined">Whether a row of the window and its channels are one run of elements: for few channels.</param>
internal sealed class BroadcastConvolution(DeviceTraits device, int tilePixels, int tileVectors, bool wide = false, bool joined = false) : ConvolutionKernel
{
    private readonly string shader = wide ? "conv2d_forward_broadcast2" : "conv2d_forward_broadcast";

    /// <inheritdoc/>
    public override string Name => $"{shader}{(joined ? " joined" : "")} {tilePixels}×{tileVectors}";

    /// <inheritdoc/>
    public override bool Applies(ConvolutionDispatch work)
        => device.SubgroupShuffle && work.Groups == 1 && (!wide || HasPairs(work)) && (!joined || (work.X.IsDense && work.Window.DilationW == 1));

    /// <inheritdoc/>
    public override ShaderDispatch Launch(ConvolutionDispatch work)
        => Launch(shader, work, tilePixels, padded: true)
            .Specialize("tile_vectors", tileVectors).Specialize("joined", joined)
            .Groups(Groups(PixelTiles(work)), Groups(ChannelTiles(work)), 1, device.SubgroupSize, wholeSubgroup: true);

    /// <inheritdoc/>
    /// <remarks>A load costs as much as a dozen multiply-adds of a subgroup (lane by lane on a processor, latency elsewhere), passing an element round as two.</remarks>
    public override double Cost(ConvolutionDispatch work)
    {
        const double load = 12, pass = 2;
        int perLoad = wide ? 2 : 1, block = device.SubgroupSize * perLoad;
        long run = (long)work.X.Shape.C * (joined ? work.Window.KernelW : 1);
        long runs = (long)work.Window.KernelH * (joined ? 1 : work.Window.KernelW);
        double perRun = Tiles(run, block) * load * tilePixels + run * (load * tileVectors / perLoad + pass * tilePixels + tilePixels * tileVectors) + 4 * load;
        double stores = load * tilePixels * tileVectors / perLoad;
        return Rounds(PixelTiles(work) * ChannelTiles(work), device) * (runs * perRun + stores);
    }

    private long PixelTiles(ConvolutionDispatch work) => Tiles(work.Y.Rows, tilePixels);

    private long ChannelTiles(ConvolutionDispatch work) => Tiles(work.Y.Shape.C, (long)tileVectors * device.SubgroupSize);

    private bool HasPairs(ConvolutionDispatch work)
        => device.Int64 && IsEven(work.X) && IsEven(work.Y) && work.W.Offset % 2 == 0 && (work.B?.Offset ?? 0) % 2 == 0;

    private static bool IsEven(TensorView view) => view.Shape.C % 2 == 0 && view.RowStride % 2 == 0 && view.Offset % 2 == 0;
}
