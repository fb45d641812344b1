using VkInception.Graph.Ops;

namespace VkInception.Graph.Rewrites;

/// <summary>ReLU, ReLU6 and clip become the output range of the convolution, linear layer or batch norm that alone feeds them.</summary>
internal static class FuseClamp
{
    public static Network Apply(Network network)
    {
        var consumers = new Consumers(network);
        var nodes = new List<Node>();
        foreach (Node node in network.Nodes)
        {
            Node? before = RangeOf(node.Op) is null ? null : consumers.SoleProducer(node.Inputs[0]);
            int at = before is null ? -1 : nodes.FindLastIndex(n => n.Name == before.Name);
            Op? fused = at < 0 ? null : WithRange(nodes[at].Op, RangeOf(node.Op)!.Value);
            if (fused is null) nodes.Add(node);
            else nodes[at] = nodes[at] with { Op = fused, Outputs = node.Outputs };
        }
        return new Network(network.Name, network.Inputs, [.. nodes], network.Outputs, network.Aliases);
    }

    private static OutputRange? RangeOf(Op op) => op switch
    {
        ReLU => OutputRange.ReLU,
        ReLU6 => new OutputRange(0, 6),
        Clip clip => new OutputRange(clip.Low, clip.High),
        _ => null,
    };

    /// <summary>Only an operation that does not clamp yet takes a range: two clamps in a row stay two.</summary>
    private static Op? WithRange(Op op, OutputRange range) => op switch
    {
        Conv2d { Range.IsAll: true } conv => conv with { Range = range },
        Linear { Range.IsAll: true } linear => linear with { Range = range },
        BatchNorm2d { Range.IsAll: true } norm => norm with { Range = range },
        _ => null,
    };
}
