using VkInception.Graph.Ops;

namespace VkInception.Graph.Rewrites;

/// <summary>A linear layer over a flattened C×H×W tensor is a convolution whose kernel is the whole image (VGG's and AlexNet's fc6).</summary>
/// <remarks>Channels lie last in memory, so flattening in the logical order C H W would transpose the tensor; the convolution reads it as it lies.</remarks>
internal static class LinearToConv
{
    public static Network Apply(Network network)
    {
        var consumers = new Consumers(network);
        var nodes = new List<Node>();
        foreach (Node node in network.Nodes)
        {
            Node? flatten = node.Op is Linear ? consumers.SoleProducer(node.Inputs[0]) : null;
            if (flatten is null || !FlattensImage(flatten))
            {
                nodes.Add(node);
                continue;
            }
            nodes.RemoveAll(n => n.Name == flatten.Name);
            nodes.AddRange(Convolution(node, flatten.Inputs[0]));
        }
        return new Network(network.Name, network.Inputs, [.. nodes], network.Outputs, network.Aliases);
    }

    private static bool FlattensImage(Node node)
    {
        if (node.Op is not (Flatten or Reshape)) return false;
        Shape from = node.Inputs[0].Shape, to = node.Output.Shape;
        return from.Rank == 4 && to.Rank == 2 && to.N == from.N && from.H * from.W > 1;
    }

    private static IEnumerable<Node> Convolution(Node node, Tensor image)
    {
        var linear = (Linear)node.Op;
        Shape x = image.Shape;
        var conv = new Conv2d(linear.OutFeatures, new Window(x.H, x.W), Bias: linear.Bias) { Range = linear.Range };
        Parameter matrix = node.Parameters[0];
        var filter = new Parameter($"{matrix.Name} as {linear.OutFeatures}×{x.C}×{x.H}×{x.W}", [linear.OutFeatures, x.C, x.H, x.W], ParameterLayout.Filter)
        {
            Sources = [matrix],
            Derive = read => read(matrix),
        };
        var pixel = new Tensor($"{node.Output.Name} as image", [x.N, linear.OutFeatures, 1, 1]);
        yield return new Node(node.Name, conv, [image], [pixel], node.Parameters.SetItem(0, filter));
        yield return new Node($"{node.Name} flat", new Flatten(), [pixel], node.Outputs, []);
    }
}
