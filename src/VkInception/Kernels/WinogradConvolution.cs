using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_forward_winograd: 3×3 at unit strides by Winograd's minimal filtering, F(2×2, 3×3) or F(4×4, 3×3); filters and patches are transformed, multiplied as 16 or 36 matrices, and transformed back.</summary>
/// <remarks>
/// Tiles go through the three steps in chunks, so that what lies between the steps stays small. Filters that are parameters are
/// transformed once, before the first run. All that lies between is float, more memory than half storage saves: it takes other kernels. A NaN or infinity in the input reaches every output of the tiles whose patches hold it.
/// </remarks>
/// <param name="device">The device's features and limits.</param>
/// <param name="tileSize">Rows and columns of outputs of a tile: 2 or 4.</param>
/// <param name="tilePixels">Tiles of a workgroup of the multiplication.</param>
/// <param name="tileVectors">Output channels of a workgroup of the multiplication, in subgroups.</param>
internal sealed class WinogradConvolution(DeviceTraits device, int tileSize, int tilePixels, int tileVectors) : ConvolutionKernel
{
    /// <summary>Bytes of a chunk's transformed patches and products: what stays in a processor's caches and leaves GoogLeNet's arena at 6 MB, but more than the filter, which every chunk reads; on other devices enough work to fill them.</summary>
    private const long ChunkOfProcessor = 2_700_000, ChunkOfGpu = 64 << 20;

    private readonly string family = $"conv2d_forward_winograd{tileSize}";
    private readonly int patchSize = tileSize + 2;
    private readonly WinogradProduct product = new(device, (tileSize + 2) * (tileSize + 2), tilePixels, tileVectors, runs: true);

    /// <inheritdoc/>
    public override string Name => $"winograd{tileSize}-{tilePixels}x{tileVectors}";

    /// <inheritdoc/>
    public override bool Masks => true;

    /// <inheritdoc/>
    /// <remarks>Measured on random data, and relative to the largest output: 1.2 and 2 times a plain sum's.</remarks>
    public override double ErrorGrowth => tileSize == 2 ? 2 : 4;

    /// <inheritdoc/>
    /// <remarks>Measured on processors only so far.</remarks>
    public override bool IsMeasuredOnly => !device.IsProcessor;

    private int Matrices => patchSize * patchSize;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionWork work)
        => device.SubgroupShuffle && device.Int64 && work.X.Type == ElementType.Float32 && work.Groups == 1 && work.Phase == PixelPhase.All && IsThreeByThree(work.Window)
            && work.W.Offset % 2 == 0 && work.Output.C % 2 == 0 && work.Y.RowStride % 2 == 0 && work.Y.Offset % 2 == 0 && (work.B?.Offset ?? 0) % 2 == 0
            && (work.Mask is null || (work.Mask.Value.RowStride % 2 == 0 && work.Mask.Value.Offset % 2 == 0))
            && work.X.Shape.C % 2 == 0 && work.X.RowStride % 2 == 0 && work.X.Offset % 2 == 0
            && (long)Matrices * work.X.Shape.C * Columns(work) <= int.MaxValue && Matrices * SmallestChunk(work) <= int.MaxValue;

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work)
    {
        int channels = work.X.Shape.C, columns = Columns(work), chunk = Chunk(work);
        TensorView u = WinogradProduct.Matrix("filter", (long)Matrices * channels * columns, resident: work.W.Storage.Parameter is not null);
        TensorView v = WinogradProduct.Matrix("patches", (long)Matrices * chunk * Runs(work)), m = WinogradProduct.Matrix("products", (long)Matrices * chunk * columns);
        var launches = ImmutableArray.CreateBuilder<ShaderDispatch>();
        launches.Add(Filter(work, u));
        for (int first = 0; first < Tiles(work); first += chunk)
        {
            int tiles = Math.Min(chunk, (int)Tiles(work) - first);
            launches.Add(WinogradProduct.Transform($"{family}_input", work.X, v, product.RunLength, first, tiles, TilesH(work), TilesW(work), work.Window.PadTop, work.Window.PadLeft));
            launches.Add(product.Launch(v, u, new Gradient(m, false), tiles, channels, columns));
            launches.Add(Output(work, m, first, tiles));
        }
        return launches.ToImmutable();
    }

    /// <inheritdoc/>
    public override double Cost(ConvolutionWork work)
    {
        // A cache line of filters costs about three loads, for no cache keeps it from run to run.
        const double load = 12, line = 30, perLine = 16;
        long columns = Columns(work);
        double transforms = load * Matrices * Tiles(work) * (2.0 * work.X.Shape.C + work.Output.C) / device.SubgroupSize;
        double filters = line * Matrices * work.X.Shape.C * columns / perLine;
        return product.Cost(Tiles(work), work.X.Shape.C, columns) + (transforms + filters) / Tiling.Resident(device);
    }

    /// <summary>Whether minimal filtering computes it: unit strides, no dilation.</summary>
    public static bool IsThreeByThree(Window window)
        => window is { KernelH: 3, KernelW: 3, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1 };

    /// <summary>Output channels, rounded up to whole workgroups.</summary>
    private int Columns(ConvolutionWork work) => product.Columns(work.Output.C);

    /// <summary>Input channels, rounded up to whole runs.</summary>
    private long Runs(ConvolutionWork work) => Tiling.Tiles(work.X.Shape.C, product.RunLength) * product.RunLength;

    private int TilesH(ConvolutionWork work) => (int)Tiling.Tiles(work.Output.H, tileSize);

    private int TilesW(ConvolutionWork work) => (int)Tiling.Tiles(work.Output.W, tileSize);

    private long Tiles(ConvolutionWork work) => (long)work.Output.N * TilesH(work) * TilesW(work);

    /// <summary>Elements of one matrix's patches and products where a chunk is one block.</summary>
    private long SmallestChunk(ConvolutionWork work) => (long)tilePixels * (Runs(work) + Columns(work));

    /// <summary>Tiles that go through all steps together: whole blocks, chunks of about equal size.</summary>
    private int Chunk(ConvolutionWork work)
    {
        long filter = sizeof(float) * Matrices * (long)work.X.Shape.C * Columns(work);
        long bytes = device.IsProcessor ? Math.Max(ChunkOfProcessor, filter * 3 / 2) : ChunkOfGpu;
        long most = Math.Max(1, bytes / (sizeof(float) * Matrices * SmallestChunk(work)));
        long blocks = Tiling.Tiles(Tiles(work), tilePixels), chunks = Tiling.Tiles(blocks, most);
        return (int)Math.Min(Tiling.Tiles(blocks, chunks) * tilePixels, Tiles(work));
    }

    private ShaderDispatch Filter(ConvolutionWork work, TensorView u)
        => ShaderDispatch.Of($"{family}_filter").Read("w", work.W).Write("u", u)
            .With("channels", work.X.Shape.C).With("outputs", work.Output.C).With("tileOutputs", product.TileColumns).With("tileCount", Columns(work) / product.TileColumns)
            .Over((long)work.X.Shape.C * Columns(work) / 2);

    private ShaderDispatch Output(ConvolutionWork work, TensorView m, int first, int tiles)
    {
        Shape y = work.Output;
        return ShaderDispatch.Of($"{family}_output").Read("m", m).Read("b", work.B ?? m).Read("v", work.Mask?.Value ?? m).Gradient("y", new Gradient(work.Y, work.Accumulate))
            .With("firstTile", first).With("tiles", tiles).With("tilesH", TilesH(work)).With("tilesW", TilesW(work))
            .With("outputs", y.C).With("mRowStride", Columns(work)).With("vRowStride", work.Mask?.Value.RowStride ?? 0).With("yRowStride", work.Y.RowStride).With("outHeight", y.H).With("outWidth", y.W)
            .MaskedBy(work.Mask?.Range ?? work.Range, work.Mask is not null)
            .Specialize("biased", work.B is not null).Over((long)tiles * y.C / 2);
    }
}
