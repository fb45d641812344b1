using VkInception.Graph.Ops;
using VkInception.Graph.Rewrites;

namespace VkInception.Graph.Attribution;

/// <summary>Batch norm that no layer could take in (DenseNet's, before the convolution) becomes a 1×1 convolution of each channel for itself, so that a backward pass goes through the running statistics.</summary>
internal static class FixedNorm
{
    public static Network Apply(Network network)
        => new(network.Name, network.Inputs, [.. network.Nodes.Select(node => node.Op is BatchNorm2d norm ? Fixed(node, norm) : node)], network.Outputs, network.Aliases);

    private static Node Fixed(Node node, BatchNorm2d norm)
    {
        Shape x = node.Inputs[0].Shape;
        if (x.Rank != 4) throw new VkInceptionException(ErrorCode.UnsupportedOperator, $"node {node}: a batch norm of {x} has no class activation map behind it");
        var scale = new Parameter($"{node.Name} scale", [x.C, 1, 1, 1], ParameterLayout.Filter)
        {
            Sources = node.Parameters,
            Derive = read => Array.ConvertAll(FoldBatchNorm.ScaleAndShift(node, read).Scale, v => (float)v),
        };
        var shift = new Parameter($"{node.Name} shift", [x.C])
        {
            Sources = node.Parameters,
            Derive = read => Array.ConvertAll(FoldBatchNorm.ScaleAndShift(node, read).Shift, v => (float)v),
        };
        return node with { Op = new Conv2d(x.C, Window.Square(1), Groups: x.C) { Range = norm.Range }, Parameters = [scale, shift] };
    }
}
