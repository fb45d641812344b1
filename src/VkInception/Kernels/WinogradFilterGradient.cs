using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_backward_filter_winograd: the filter gradient of 3×3 at unit strides by Winograd's minimal filtering turned round; patches of x and tiles of dy are transformed, multiplied as 16 or 36 matrices that sum over all tiles, and transformed to 3×3.</summary>
/// <remarks>
/// Tiles go through the first steps in chunks, one after another added to the products, so that what lies between the steps takes bounded
/// memory; the matrices alone are enough workgroups for any processor. Float only, as <see cref="WinogradConvolution"/>. A NaN or infinity in x or dy reaches every tap of the filters of its channel.
/// </remarks>
/// <param name="device">The device's features and limits.</param>
/// <param name="tileSize">Rows and columns of outputs of a tile: 2 or 4.</param>
/// <param name="tileRows">Input channels of a workgroup of the multiplication.</param>
/// <param name="tileVectors">Output channels of a workgroup of the multiplication, in subgroups.</param>
internal sealed class WinogradFilterGradient(DeviceTraits device, int tileSize, int tileRows, int tileVectors) : FilterGradientKernel
{
    /// <summary>Tiles that the multiplication adds without a loop.</summary>
    private const int Unrolled = 8;

    private readonly string family = $"conv2d_backward_filter_winograd{tileSize}";
    private readonly int matrices = (tileSize + 2) * (tileSize + 2);
    private readonly WinogradProduct product = new(device, (tileSize + 2) * (tileSize + 2), tileRows, tileVectors);

    /// <summary>Bytes of a chunk's transformed patches and gradients: on a processor three times as many bring nothing, and make a step's arena a seventh larger; other devices need work to fill them.</summary>
    public long ChunkBytes { get; init; } = device.IsProcessor ? 20 << 20 : 64 << 20;

    /// <inheritdoc/>
    public override string Name => $"{KernelNaming.Filter}winograd{tileSize}-{tileRows}x{tileVectors}";

    /// <inheritdoc/>
    /// <remarks>As the forward pass's, of which this is the transpose.</remarks>
    public override double ErrorGrowth => tileSize == 2 ? 2 : 4;

    /// <inheritdoc/>
    /// <remarks>Measured on processors only so far.</remarks>
    public override bool IsMeasuredOnly => !device.IsProcessor;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionBackwardFilter work)
        => device.SubgroupShuffle && device.Int64 && work.X.Type == ElementType.Float32 && work.Groups == 1 && WinogradConvolution.IsThreeByThree(work.Window)
            && IsEven(work.X) && IsEven(work.Dy) && work.Dw.View.Offset % 2 == 0
            && (long)matrices * work.X.Shape.C * Columns(work) <= int.MaxValue && matrices * Unrolled * PerTile(work) <= int.MaxValue;

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionBackwardFilter work)
    {
        int channels = work.X.Shape.C, columns = Columns(work), chunk = Chunk(work);
        TensorView v = WinogradProduct.Matrix("patches", (long)matrices * chunk * product.Rows(channels)), u = WinogradProduct.Matrix("gradients", (long)matrices * chunk * columns);
        TensorView m = WinogradProduct.Matrix("products", (long)matrices * channels * columns);
        var launches = ImmutableArray.CreateBuilder<ShaderDispatch>();
        for (int first = 0; first < Tiles(work); first += chunk)
        {
            int tiles = Math.Min(chunk, (int)Tiles(work) - first);
            launches.Add(WinogradProduct.Transform($"conv2d_forward_winograd{tileSize}_input", work.X, v, tileRows, first, tiles, TilesH(work), TilesW(work), work.Window.PadTop, work.Window.PadLeft));
            launches.Add(WinogradProduct.Transform($"{family}_gradient", work.Dy, u, product.TileColumns, first, tiles, TilesH(work), TilesW(work), 0, 0));
            launches.Add(product.Launch(v, u, new Gradient(m, first > 0), channels, tiles, columns));
        }
        launches.Add(Output(work, m));
        return launches.ToImmutable();
    }

    /// <inheritdoc/>
    public override double Cost(ConvolutionBackwardFilter work)
    {
        // Measured beside the other kernels: loads and stores of a transform are as many, and what the multiplication reads comes from memory more than from caches; so do the products.
        const double load = 24, fromMemory = 1.3, line = 30, perLine = 16;
        double transforms = load * matrices * Tiles(work) * PerTile(work) / device.SubgroupSize;
        double products = line * matrices * work.X.Shape.C * Columns(work) / perLine;
        return fromMemory * product.Cost(work.X.Shape.C, Tiles(work), Columns(work)) + (transforms + products) / Tiling.Resident(device);
    }

    private static bool IsEven(TensorView view) => view.Shape.C % 2 == 0 && view.RowStride % 2 == 0 && view.Offset % 2 == 0;

    /// <summary>Output channels, rounded up to whole workgroups.</summary>
    private int Columns(ConvolutionBackwardFilter work) => product.Columns(work.Dy.Shape.C);

    private int TilesH(ConvolutionBackwardFilter work) => (int)Tiling.Tiles(work.Dy.Shape.H, tileSize);

    private int TilesW(ConvolutionBackwardFilter work) => (int)Tiling.Tiles(work.Dy.Shape.W, tileSize);

    private long Tiles(ConvolutionBackwardFilter work) => (long)work.Dy.Shape.N * TilesH(work) * TilesW(work);

    /// <summary>Elements of one matrix's patches and gradients for one tile.</summary>
    private long PerTile(ConvolutionBackwardFilter work) => product.Rows(work.X.Shape.C) + Columns(work);

    /// <summary>Tiles that go through the first steps together: as many as the multiplication likes at a time, chunks of about equal size.</summary>
    private int Chunk(ConvolutionBackwardFilter work)
    {
        long most = Math.Max(1, ChunkBytes / (sizeof(float) * matrices * Unrolled * PerTile(work)));
        long runs = Tiling.Tiles(Tiles(work), Unrolled), chunks = Tiling.Tiles(runs, most);
        return (int)Math.Min(Tiling.Tiles(runs, chunks) * Unrolled, Tiles(work));
    }

    private ShaderDispatch Output(ConvolutionBackwardFilter work, TensorView m)
        => ShaderDispatch.Of($"{family}_output").Read("m", m).Gradient("dw", work.Dw)
            .With("channels", work.X.Shape.C).With("outputs", work.Dy.Shape.C).With("mRowStride", Columns(work))
            .Over((long)work.X.Shape.C * work.Dy.Shape.C / 2);
}
