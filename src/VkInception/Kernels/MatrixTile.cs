using VkInception.Graph;
using VkInception.Vulkan;

namespace VkInception.Kernels;

/// <summary>How a workgroup cuts its tile of a matrix product into the device's cooperative matrices, and what it needs for that.</summary>
/// <param name="Device">The device's features and limits.</param>
/// <param name="Rows">Rows of the product per workgroup.</param>
/// <param name="Columns">Columns of the product per workgroup.</param>
/// <param name="SubgroupsM">Subgroups along the rows.</param>
/// <param name="SubgroupsN">Subgroups along the columns.</param>
internal sealed record MatrixTile(DeviceTraits Device, int Rows, int Columns, int SubgroupsM, int SubgroupsN)
{
    /// <summary>Terms of the sums that are added between two barriers.</summary>
    public const int Depth = 32;

    /// <summary>How many times larger rounding errors may be than a plain sum's in float.</summary>
    public const double ErrorGrowth = 16;

    /// <summary>Elements that an invocation copies at a time.</summary>
    private const int Eight = 8;

    /// <summary>How much faster the subgroup's matrices are than its multiply-adds; devices claim 4 to 16.</summary>
    private const double Speedup = 6;

    /// <summary>A load in multiply-adds of a subgroup.</summary>
    private const double Load = 12;

    /// <summary>Largest product that processors take: they emulate matrices, and take minutes to compile more.</summary>
    private const int LargestOfProcessor = 16 * 16;

    /// <summary>Invocations of the workgroup.</summary>
    public int Invocations => SubgroupsM * SubgroupsN * Device.SubgroupSize;

    /// <summary>The tile as names end in it.</summary>
    public string Name => $"coopmat-{Rows}x{Columns}";

    /// <summary>Whether the device has the matrices, the invocations and the shared memory, and the tile is made of whole matrices.</summary>
    public bool Fits(int sharedBytes) => Device.HalfMatrix is { } matrix && (!Device.IsProcessor || Rows * Columns <= LargestOfProcessor)
        && Rows % (SubgroupsM * matrix.M) == 0 && Columns % (SubgroupsN * matrix.N) == 0 && Depth % matrix.K == 0
        && Invocations % (Depth / Eight) == 0 && Invocations <= Device.MaxWorkgroupInvocations
        && sharedBytes + SubgroupsM * SubgroupsN * matrix.M * matrix.N * sizeof(float) <= Device.SharedMemoryBytes;

    /// <summary>Bytes of shared memory of a matrix of halves whose rows stand eight elements apart.</summary>
    public static int SharedBytes(int rows, int columns) => rows * (columns + Eight) * 2;

    /// <summary>Whether every row of a matrix or of an image's pixels begins on, and has, a multiple of <paramref name="elements"/>.</summary>
    public static bool IsAligned(TensorView view, int rowLength, int elements) => rowLength % elements == 0 && view.RowStride % elements == 0 && view.Offset % elements == 0;

    /// <summary>The estimated time of one workgroup, in multiply-adds of one subgroup.</summary>
    /// <remarks>On a processor matrices are taken apart into what the plain kernels do, and copied through memory besides.</remarks>
    public double Cost(long depth)
    {
        double steps = Tiling.Tiles(depth, Depth), products = (double)Rows * Columns * Depth / Invocations;
        double loads = (double)(Rows + Columns) * Depth / Eight / Invocations;
        return steps * (products / (Device.IsProcessor ? 1.0 / 8 : Speedup) + Load * (loads + 2)) + Load * Rows * Columns / Invocations;
    }

    /// <summary>The constants of the tile, as the shaders name them.</summary>
    public ShaderDispatch Specialize(ShaderDispatch launch)
    {
        CooperativeMatrix matrix = Device.HalfMatrix ?? throw new InvalidOperationException($"{Name} on a device without matrices");
        return (launch with { SubgroupSize = Device.SubgroupSize })
            .Specialize("tile_outputs", Columns).Specialize("tile_depth", Depth)
            .Specialize("matrix_m", matrix.M).Specialize("matrix_n", matrix.N).Specialize("matrix_k", matrix.K)
            .Specialize("subgroups_m", SubgroupsM).Specialize("subgroups_n", SubgroupsN);
    }
}
