namespace VkInception.Graph.Models;

/// <summary>The widths of one Inception module, in the columns of the paper's Table 1.</summary>
internal sealed record InceptionWidths(int C1, int Reduce3, int C3, int Reduce5, int C5, int PoolProjection)
{
    /// <summary>The nine modules of GoogLeNet: #1×1, #3×3 reduce, #3×3, #5×5 reduce, #5×5, pool proj (1409.4842, Table 1).</summary>
    public static IReadOnlyDictionary<string, InceptionWidths> Table { get; } = new Dictionary<string, InceptionWidths>
    {
        ["3a"] = new(64, 96, 128, 16, 32, 32),
        ["3b"] = new(128, 128, 192, 32, 96, 64),
        ["4a"] = new(192, 96, 208, 16, 48, 64),
        ["4b"] = new(160, 112, 224, 24, 64, 64),
        ["4c"] = new(128, 128, 256, 24, 64, 64),
        ["4d"] = new(112, 144, 288, 32, 64, 64),
        ["4e"] = new(256, 160, 320, 32, 128, 128),
        ["5a"] = new(256, 160, 320, 32, 128, 128),
        ["5b"] = new(384, 192, 384, 48, 128, 128),
    };
}
