using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Cli.Tables;

/// <summary>A zoo network as its paper's table shows it: a row a block, equal blocks in a row told once.</summary>
internal static class BlockTable
{
    /// <summary>More convolutions than so many are counted, not listed.</summary>
    private const int Listed = 6;

    /// <summary>Blocks of a network in order.</summary>
    public static TextTable Of(Network network)
    {
        var table = new TextTable("block", "layers", "output", ">depth", ">parameters", ">multiply-adds");
        foreach (List<Block> alike in Runs(Blocks(network)))
        {
            Block first = alike[0];
            string name = alike.Count == 1 ? first.Name : $"{first.Name} to {alike[^1].Name}", times = alike.Count == 1 ? "" : $"{alike.Count} × ";
            table.Add(
                name, times + (alike.Count > 1 && first.Layers.Contains(',', StringComparison.Ordinal) ? $"({first.Layers})" : first.Layers), first.Output, Text(alike.Sum(b => b.Depth)),
                alike.Sum(b => b.Parameters) is > 0 and var parameters ? Counts.Grouped(parameters) : "", alike.Sum(b => b.MultiplyAdds) is > 0 and var ops ? Counts.Metric(ops) : "");
        }
        return table;
    }

    /// <summary>Layers with weights on the longest way through some nodes.</summary>
    public static int Depth(IReadOnlyList<Node> nodes)
    {
        var depths = new Dictionary<Tensor, int>();
        foreach (Node node in nodes)
            depths[node.Output] = node.Inputs.Max(t => depths.GetValueOrDefault(t)) + (node.Op is Conv2d or Linear ? 1 : 0);
        return depths.Values.DefaultIfEmpty().Max();
    }

    /// <summary>Trained elements of some nodes.</summary>
    public static long Parameters(IEnumerable<Node> nodes) => nodes.SelectMany(n => n.Parameters).Where(p => p.Trained).Sum(p => p.Shape.Count);

    private static string Text(int depth) => depth == 0 ? "" : Counts.Grouped(depth);

    private static List<Block> Blocks(Network network)
    {
        var groups = new List<(string Key, List<Node> Nodes)>();
        foreach (Node node in network.Nodes)
        {
            string key = KeyOf(node.Name);
            if (groups.Count > 0 && groups[^1].Key == key) groups[^1].Nodes.Add(node);
            else groups.Add((key, [node]));
        }
        // Norms, clamps and views that stand alone belong to the layer before them.
        for (int i = groups.Count - 1; i > 0; i--)
        {
            if (!groups[i].Nodes.TrueForAll(n => n.Op is BatchNorm2d or ReLU or ReLU6 or Dropout or Flatten)) continue;
            groups[i - 1].Nodes.AddRange(groups[i].Nodes);
            groups.RemoveAt(i);
        }
        return [.. groups.Select(g => new Block(
            g.Key, Describe(g.Nodes), string.Join('×', g.Nodes.Last(n => n.Op is not (Flatten or Dropout) || g.Nodes.Count == 1).Output.Shape.Dims[1..]), Depth(g.Nodes), Parameters(g.Nodes), g.Nodes.Sum(n => n.MultiplyAdds)))];
    }

    /// <summary>The block in a node's path: <c>layer1.0</c> of <c>layer1.0.conv2</c>, <c>features.denseblock1</c>, <c>inception_3a</c> of <c>inception_3a/1x1</c>.</summary>
    private static string KeyOf(string name)
    {
        if (name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash) return name[..slash];
        string[] path = name.Split('.');
        return path.Length > 1 && (path[0] == "features" || path[1].All(char.IsAsciiDigit)) ? $"{path[0]}.{path[1]}" : path[0];
    }

    private static string Describe(List<Node> nodes)
    {
        string[] convolutions = [.. nodes.Where(n => n.Op is Conv2d).Select(n => Describe((Conv2d)n.Op))];
        IEnumerable<string> words = convolutions.Length > Listed ? [Counts.Of(convolutions.Length, "convolution")] : convolutions;
        IEnumerable<string> others = nodes.Select(n => n.Op switch
        {
            Linear linear => $"linear {linear.OutFeatures}",
            MaxPool2d pool => $"max pool {pool.Window}",
            AvgPool2d { Window.IsPointwise: false, Window.KernelH: 1 } => "",
            AvgPool2d pool => $"average pool {pool.Window}",
            AdaptiveAvgPool2d pool => $"average pool to {pool.Attributes}",
            GlobalAvgPool2d => "global average pool",
            LocalResponseNorm => "LRN",
            Dropout dropout => $"dropout {dropout.Attributes[5..]}",
            _ => "",
        });
        return string.Join(", ", words.Concat(others.Where(o => o.Length > 0)));
    }

    private static string Describe(Conv2d conv) => $"{conv.Window} {conv.OutChannels}{(conv.Groups == 1 ? "" : $" in {conv.Groups} groups")}";

    /// <summary>Neighbours that differ in nothing but their names.</summary>
    private static List<List<Block>> Runs(List<Block> blocks)
    {
        var runs = new List<List<Block>>();
        foreach (Block block in blocks)
        {
            if (runs.Count > 0 && block.Depth > 0 && runs[^1][0] with { Name = block.Name } == block) runs[^1].Add(block);
            else runs.Add([block]);
        }
        return runs;
    }

    private sealed record Block(string Name, string Layers, string Output, int Depth, long Parameters, long MultiplyAdds);
}
