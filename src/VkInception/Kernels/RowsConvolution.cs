using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_forward_rows: for few input channels (the first layer); a tile is neighbouring pixels of one row of outputs, and what their overlapping windows see of a row of x is loaded once and passed between lanes.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="tilePixels">Output pixels of a workgroup.</param>
/// <param name="tileVectors">Output channels of a workgroup, in subgroups: a multiple of 4.</param>
internal sealed class RowsConvolution(DeviceTraits device, int tilePixels, int tileVectors) : TiledConvolution(device, tilePixels, tileVectors)
{
    /// <summary>Elements of a row of x that a tile may hold at a time: each takes a lane's register.</summary>
    private const int MostElements = 512;

    /// <inheritdoc/>
    public override string Name => $"rows-{Tile}";

    /// <inheritdoc/>
    /// <remarks>So many sums stay in no GPU's registers; measured on processors only.</remarks>
    public override bool IsMeasuredOnly => !Device.IsProcessor;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionWork work)
        => Device.SubgroupShuffle && (Device.Int64 || work.X.Type == ElementType.Float16) && work.Groups == 1 && work.Phase == PixelPhase.All
            && work.X.IsDense && work.Window is { DilationW: 1, KernelW: > 0 } && Elements(work) <= MostElements
            && work.Output.C % 2 == 0 && work.Y.RowStride % 2 == 0 && work.Y.Offset % 2 == 0 && work.W.Offset % 2 == 0 && (work.B?.Offset ?? 0) % 2 == 0;

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work)
        => [LaunchTiles("conv2d_forward_rows", work, wholeSubgroup: true)
            .Specialize("step", Step(work)).Specialize("run", Run(work)).Specialize("chunk", Chunk(Run(work)))
            .Specialize("whole", work.Output.W % TilePixels == 0 && work.Output.C % (TileVectors * Device.SubgroupSize) == 0)];

    /// <inheritdoc/>
    protected override long PixelTiles(ConvolutionWork work) => work.Pixels / work.Output.W * Tiling.Tiles(work.Output.W, TilePixels);

    /// <inheritdoc/>
    protected override double TileCost(ConvolutionWork work)
    {
        double run = Run(work), loads = Tiling.Tiles(Elements(work), 2L * Device.SubgroupSize), sums = TilePixels * TileVectors;
        double perElement = Load * TileVectors / 2 + Pass * TilePixels + sums;
        double perRow = (2 * loads + 4) * Load + run * perElement + run / Chunk(Run(work)) * 4 * Pass * loads;
        return work.Window.KernelH * perRow + Load * sums / 2;
    }

    /// <summary>Elements of x from one window to the next.</summary>
    private static int Step(ConvolutionWork work) => work.Window.StrideW * work.X.Shape.C;

    /// <summary>Elements of a row of a window.</summary>
    private static int Run(ConvolutionWork work) => work.Window.KernelW * work.X.Shape.C;

    /// <summary>Elements of a row of x that a tile's windows see.</summary>
    private long Elements(ConvolutionWork work) => (TilePixels - 1L) * Step(work) + Run(work);

    /// <summary>Elements of a window that are added without a loop: a divisor of all, four at most where there is one, for of more the code no longer fits a processor's cache of it.</summary>
    private static int Chunk(int run)
        => Array.Find([4, 3, 2, 5, 7], n => run % n == 0) is > 0 and int chunk ? chunk : 1;
}
