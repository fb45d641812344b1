using System.Globalization;
using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Cli.Tables;

/// <summary>GoogLeNet as Table 1 of its paper shows it (1409.4842), with the paper's figures beside ours where they differ.</summary>
internal static class GoogLeNetTable
{
    /// <summary>A thousand of the paper's: its parameters are rounded to 1024.</summary>
    private const double PapersThousand = 1024;

    /// <summary>Type, prefix of the layers' names, and what the paper states: thousands of parameters, millions of multiply-adds.</summary>
    private static readonly (string Type, string Prefix, double Thousands, double Millions)[] Rows =
    [
        ("convolution", "conv1/", 2.7, 34), ("max pool", "pool1/", 0, 0), ("convolution", "conv2/", 112, 360), ("max pool", "pool2/", 0, 0),
        ("inception (3a)", "inception_3a/", 159, 128), ("inception (3b)", "inception_3b/", 380, 304), ("max pool", "pool3/", 0, 0),
        ("inception (4a)", "inception_4a/", 364, 73), ("inception (4b)", "inception_4b/", 437, 88), ("inception (4c)", "inception_4c/", 463, 100),
        ("inception (4d)", "inception_4d/", 580, 119), ("inception (4e)", "inception_4e/", 840, 170), ("max pool", "pool4/", 0, 0),
        ("inception (5a)", "inception_5a/", 1072, 54), ("inception (5b)", "inception_5b/", 1388, 71), ("avg pool", "pool5/7x7", 0, 0),
        ("dropout (40%)", "pool5/drop", 0, 0), ("linear", "loss3/classifier", 1000, 1),
    ];

    private static readonly string[] Columns = ["1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool_proj"];

    /// <summary>The paper's table; with its own figures only where the network is the paper's.</summary>
    public static TextTable Of(Network network, bool isPapers)
    {
        string[] headings = ["type", "patch/stride", "output", ">depth", ">#1×1", ">#3×3 reduce", ">#3×3", ">#5×5 reduce", ">#5×5", ">pool proj", ">params", ">ops"];
        var table = new TextTable(isPapers ? [.. headings, ">paper's params", ">paper's ops"] : headings);
        foreach ((string type, string prefix, double thousands, double millions) in Rows)
        {
            Node[] nodes = [.. network.Nodes.Where(n => n.Name.StartsWith(prefix, StringComparison.Ordinal))];
            long parameters = BlockTable.Parameters(nodes), multiplyAdds = nodes.Sum(n => n.MultiplyAdds);
            string[] cells =
            [
                type, Patch(type, nodes), Output(nodes), Text(BlockTable.Depth(nodes)),
                .. Columns.Select(c => type == "convolution" && prefix == "conv1/" ? "" : Width(nodes, c)),
                parameters == 0 ? "" : Counts.Grouped(parameters), multiplyAdds == 0 ? "" : Counts.Metric(multiplyAdds),
            ];
            table.Add(isPapers ? [.. cells, .. Papers(nodes, thousands, millions)] : cells);
        }
        return table;
    }

    /// <summary>Why the paper's figures are not ours.</summary>
    public static IReadOnlyList<string> Remarks { get; } =
    [
        "The paper's K is 1024, biases are not counted, and its figures are shown here where ours, so counted, are others by more than rounding.",
        "convolution 7×7: 2.7K and 34M are 2·7·3·64 weights, as if it were a 7×1 and a 1×7; a 7×7 has 9.2K (and 118M).",
        "inception 4a, 4c, 4d, 4e, 5a, 5b: the paper's parameters are not those of the widths in its own row; its ops are, but for 5a.",
    ];

    private static string[] Papers(Node[] nodes, double thousands, double millions)
    {
        double weights = nodes.SelectMany(n => n.Parameters).Where(p => p.Trained && p.Shape.Rank > 1).Sum(p => p.Shape.Count) / PapersThousand;
        double ops = nodes.Sum(n => n.MultiplyAdds) / 1e6;
        return
        [
            Math.Abs(weights - thousands) < 1.5 ? "" : string.Create(CultureInfo.InvariantCulture, $"{thousands}K ({weights:0.#}K)"),
            Math.Abs(ops - millions) <= 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{millions}M ({ops:0.#}M)"),
        ];
    }

    private static string Patch(string type, Node[] nodes) => nodes.Length == 0 || type.StartsWith("inception", StringComparison.Ordinal)
        ? ""
        : nodes.Select(n => n.Op).Last(op => op is Conv2d or MaxPool2d or AvgPool2d or GlobalAvgPool2d or Linear or Dropout) switch
        {
            Conv2d conv => Stride(conv.Window),
            MaxPool2d pool => Stride(pool.Window),
            AvgPool2d pool => Stride(pool.Window),
            _ => "",
        };

    private static string Stride(Window window) => string.Create(CultureInfo.InvariantCulture, $"{window.KernelH}×{window.KernelW}/{window.StrideH}");

    /// <summary>Height × width × channels, as the paper writes it.</summary>
    private static string Output(Node[] nodes)
    {
        Shape shape = nodes[^1].Output.Shape;
        return shape.Rank == 4 ? $"{shape.H}×{shape.W}×{shape.C}" : $"1×1×{shape[1]}";
    }

    private static string Width(Node[] nodes, string column)
        => nodes.FirstOrDefault(n => n.Op is Conv2d && n.Name.EndsWith("/" + column, StringComparison.Ordinal)) is { } node ? Counts.Grouped(node.Output.Shape.C) : "";

    private static string Text(int depth) => depth.ToString(CultureInfo.InvariantCulture);
}
