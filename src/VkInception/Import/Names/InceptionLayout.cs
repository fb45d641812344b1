using System.Globalization;

namespace VkInception.Import.Names;

/// <summary>The convolutions of Inception v3 and v4 in the order of their definitions: by module and branch, as TensorFlow's releases number them.</summary>
internal static class InceptionLayout
{
    private static readonly string[][] moduleA = [["branch1x1"], ["branch5x5_1", "branch5x5_2"], ["branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"], ["branch_pool"]];

    private static readonly string[][] moduleC =
    [
        ["branch1x1"], ["branch7x7_1", "branch7x7_2", "branch7x7_3"],
        ["branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3", "branch7x7dbl_4", "branch7x7dbl_5"], ["branch_pool"],
    ];

    private static readonly string[][] moduleE =
    [
        ["branch1x1"], ["branch3x3_1", "branch3x3_2a", "branch3x3_2b"],
        ["branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3a", "branch3x3dbl_3b"], ["branch_pool"],
    ];

    /// <summary>Inception v3's stem, under the names that torchvision took over from slim.</summary>
    public static string[] StemV3 { get; } = ["Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3"];

    /// <summary>Inception v3's modules with torchvision's names of the convolutions in each branch.</summary>
    public static IReadOnlyList<(string Module, string[][] Branches)> ModulesV3 { get; } =
    [
        ("Mixed_5b", moduleA), ("Mixed_5c", moduleA), ("Mixed_5d", moduleA),
        ("Mixed_6a", [["branch3x3"], ["branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"]]),
        ("Mixed_6b", moduleC), ("Mixed_6c", moduleC), ("Mixed_6d", moduleC), ("Mixed_6e", moduleC),
        ("Mixed_7a", [["branch3x3_1", "branch3x3_2"], ["branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4"]]),
        ("Mixed_7b", moduleE), ("Mixed_7c", moduleE),
    ];

    /// <summary>Inception v4's modules: slim's name, the number of ours, and our names of the convolutions in slim's branches.</summary>
    public static IReadOnlyList<(string Module, int Number, string[][] Branches)> ModulesV4 { get; } =
    [
        ("Mixed_3a", 3, [[], ["conv"]]),
        ("Mixed_4a", 4, [Row(0, 2), Row(1, 4)]),
        ("Mixed_5a", 5, [["conv"], []]),
        .. Numbered("Mixed_5", "bcde", 6, [["branch0"], Row(1, 2), Row(2, 3), ["branch3.1"]]),
        ("Mixed_6a", 10, [["branch0"], Row(1, 3), []]),
        .. Numbered("Mixed_6", "bcdefgh", 11, [["branch0"], Row(1, 3), Row(2, 5), ["branch3.1"]]),
        ("Mixed_7a", 18, [Row(0, 2), Row(1, 4), []]),
        .. Numbered("Mixed_7", "bcd", 19, [["branch0"], ["branch1_0", "branch1_1a", "branch1_1b"], ["branch2_0", "branch2_1", "branch2_2", "branch2_3a", "branch2_3b"], ["branch3.1"]]),
    ];

    private static string[] Row(int branch, int convolutions)
        => [.. Enumerable.Range(0, convolutions).Select(i => string.Create(CultureInfo.InvariantCulture, $"branch{branch}.{i}"))];

    private static IEnumerable<(string Module, int Number, string[][] Branches)> Numbered(string prefix, string letters, int first, string[][] branches)
        => letters.Select((letter, i) => (prefix + letter, first + i, branches));
}
