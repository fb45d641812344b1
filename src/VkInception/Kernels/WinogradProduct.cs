using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>conv2d_forward_winograd_multiply: the products of Winograd's transformed matrices, rows by depth times depth by columns.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="matrices">How many: 16 or 36.</param>
/// <param name="tileRows">Rows of a workgroup.</param>
/// <param name="tileVectors">Columns of a workgroup, in subgroups.</param>
/// <param name="runs">Whether the first operand has runs of <see cref="RunLength"/> elements along the depth, and not whole blocks of rows.</param>
internal sealed class WinogradProduct(DeviceTraits device, int matrices, int tileRows, int tileVectors, bool runs = false)
{
    /// <summary>Products that are summed one after another before they are added to what came before: the rounding errors of a sum of thousands would be several times a sliced one's.</summary>
    private const int Segment = 256;

    /// <summary>Elements along the depth that a subgroup loads at a time.</summary>
    public int RunLength => 2 * device.SubgroupSize;

    /// <summary>Columns of a workgroup.</summary>
    public int TileColumns => tileVectors * device.SubgroupSize;

    /// <summary>Columns, rounded up to whole workgroups.</summary>
    public int Columns(int columns) => (int)Tiling.Tiles(columns, TileColumns) * TileColumns;

    /// <summary>Rows, rounded up to whole workgroups.</summary>
    public int Rows(int rows) => (int)Tiling.Tiles(rows, tileRows) * tileRows;

    /// <summary>A workspace for one operand or the product.</summary>
    public static TensorView Matrix(string what, long elements, bool resident = false)
        => TensorView.Dense([(int)elements], new Storage($"winograd {what}", elements, resident: resident));

    /// <summary>m = v u, or with <see cref="Gradient.Accumulate"/> added to m.</summary>
    /// <param name="v">Blocks of rows: [matrix][block][depth][row in block]; or runs of the depth: [matrix][run][row][depth in run].</param>
    /// <param name="u">Tiles of columns: [matrix][tile][depth][column in tile].</param>
    /// <param name="m">[matrix][row][column].</param>
    /// <param name="rows">Rows that are stored.</param>
    /// <param name="depth">Products behind one sum.</param>
    /// <param name="columns">Columns, of whole workgroups.</param>
    public ShaderDispatch Launch(TensorView v, TensorView u, Gradient m, int rows, int depth, int columns)
    {
        (int x, int y) = Tiling.Grid(device, Tiling.Tiles(rows, tileRows), columns / TileColumns, depth, matrices);
        return ShaderDispatch.Of("conv2d_forward_winograd_multiply").Read("v", v).Read("u", u).Gradient("m", m)
            .With("matrices", matrices).With("tiles", rows).With("channels", depth).With("columns", columns).With("segment", Segment)
            .Specialize("tile_pixels", tileRows).Specialize("tile_vectors", tileVectors).Specialize("runs", runs).Specialize("whole", runs && depth % RunLength == 0)
            .Groups(x, y, matrices, device.SubgroupSize, wholeSubgroup: true);
    }

    /// <summary>Writes the transformed patches of a tensor, or tiles of a gradient, in blocks of channels: [matrix][block][tile][channel in block].</summary>
    /// <param name="shader">include/winograd_matrices.glsl for one size of tile.</param>
    /// <param name="from">What is transformed; channels last.</param>
    /// <param name="to">The matrices.</param>
    /// <param name="block">Channels of a block.</param>
    /// <param name="first">First tile.</param>
    /// <param name="tiles">Tiles.</param>
    /// <param name="rowsOfTiles">Rows of tiles of an image.</param>
    /// <param name="columnsOfTiles">Tiles of a row.</param>
    /// <param name="padTop">Rows of zeros above the image.</param>
    /// <param name="padLeft">Columns of zeros before it.</param>
    public static ShaderDispatch Transform(string shader, TensorView from, TensorView to, int block, int first, int tiles, int rowsOfTiles, int columnsOfTiles, int padTop, int padLeft)
        => ShaderDispatch.Of(shader).Read("d", from).Write("t", to)
            .With("firstTile", first).With("tiles", tiles).With("tilesH", rowsOfTiles).With("tilesW", columnsOfTiles)
            .With("channels", from.Shape.C).With("rowStride", from.RowStride).With("height", from.Shape.H).With("width", from.Shape.W)
            .With("padTop", padTop).With("padLeft", padLeft)
            .Specialize("block", block).Over(Tiling.Tiles(from.Shape.C, block) * block / 2 * tiles);

    /// <summary>An estimate of the time, in multiply-adds of one subgroup.</summary>
    public double Cost(long rows, long depth, long columns)
    {
        // A sum that is left in memory beside many others costs about three loads.
        const double load = 12, pass = 1, product = 40;
        double rowLoads = runs ? (double)tileRows / RunLength : Tiling.Tiles(tileRows, RunLength);
        double perDepth = load * (tileVectors / 2 + rowLoads) + pass * tileRows + tileRows * tileVectors;
        double perTile = depth * perDepth + product * tileRows * tileVectors;
        return Tiling.Rounds(matrices * Tiling.Tiles(rows, tileRows) * Tiling.Tiles(columns, TileColumns), device) * perTile;
    }
}
