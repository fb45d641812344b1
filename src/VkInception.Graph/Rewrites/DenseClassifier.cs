using System.Collections.Immutable;
using VkInception.Graph.Ops;

namespace VkInception.Graph.Rewrites;

/// <summary>Makes a classifier see a whole image of any size (1312.6229; VGG, 1409.1556, section 3.2): its fully connected layers become convolutions, and the map of scores is averaged.</summary>
public static class DenseClassifier
{
    /// <summary>The network for images of another size.</summary>
    /// <param name="network">A classifier at its own size; its first output counts.</param>
    /// <param name="height">Height of the images, at least that of the network's input.</param>
    /// <param name="width">Width of the images, likewise.</param>
    /// <returns>A network whose output are N×C scores, before any softmax; rewritten for inference.</returns>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: a smaller image. <see cref="ErrorCode.UnsupportedOperator"/>: a layer that has no form for other sizes.</exception>
    public static Network Apply(Network network, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(network);
        Shape own = network.Inputs[0].Shape;
        if (own.Rank != 4 || height < own.H || width < own.W)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{network.Name}: takes {own}; images of {height}×{width} are smaller, so it cannot be moved over them");
        Network inference = Rewrite.ForInference(network.WithOutputs(network.Outputs[0]));
        Tensor logits = Logits(inference);
        var input = new Tensor(network.Inputs[0].Name, [own.N, own.C, height, width]);
        var map = new Dictionary<Tensor, Tensor> { [inference.Inputs[0]] = input };
        var nodes = ImmutableArray.CreateBuilder<Node>();
        foreach (Node node in inference.WithOutputs(logits).Nodes)
        {
            if (Vanishes(node)) map[node.Output] = map[node.Inputs[0]];
            else nodes.Add(Moved(inference.Name, node, map));
        }
        Tensor scores = Averaged(map[logits], nodes);
        return new Network(network.Name, [input], nodes.ToImmutable(), [scores]);
    }

    private static Tensor Logits(Network network)
    {
        Tensor logits = network.Outputs[0];
        for (Node? node = network.Producer(logits); node?.Op is Softmax or ViewOp; node = network.Producer(node.Inputs[0]))
            if (node.Op is Softmax) logits = node.Inputs[0];
        return logits;
    }

    /// <summary>A view of one pixel, and an adaptive pool that pools nothing: on a larger image both would cut it down to the network's own.</summary>
    private static bool Vanishes(Node node)
    {
        Shape from = node.Inputs[0].Shape, to = node.Output.Shape;
        return node.Op switch
        {
            ViewOp => from.N == to.N && from.Count == (long)from.N * from.C && to.Count == (long)to.N * to.C,
            AdaptiveAvgPool2d => from.Equals(to) && from.H * from.W > 1,
            _ => false,
        };
    }

    private static Node Moved(string network, Node node, Dictionary<Tensor, Tensor> map)
    {
        if (node.Op is ViewOp or AdaptiveAvgPool2d { Height: > 1 } or AdaptiveAvgPool2d { Width: > 1 })
            throw new VkInceptionException(ErrorCode.UnsupportedOperator, $"{network}: node {node} has no form for larger images; evaluate with crops");
        ImmutableArray<Tensor> inputs = [.. node.Inputs.Select(t => map[t])];
        if (node.Op is Linear linear) node = AsConvolution(node, linear);
        OpSpec spec = node.Op.Infer([.. inputs.Select(t => t.Shape)]);
        if (spec.Parameters.Length != node.Parameters.Length || spec.Parameters.Zip(node.Parameters).Any(p => !p.First.Shape.Equals(p.Second.Shape)))
            throw new VkInceptionException(ErrorCode.UnsupportedOperator, $"{network}: node {node} has other weights for larger images; evaluate with crops");
        ImmutableArray<Tensor> outputs = [.. node.Outputs.Zip(spec.Outputs, (t, shape) => new Tensor(t.Name, shape))];
        foreach ((Tensor before, Tensor after) in node.Outputs.Zip(outputs)) map[before] = after;
        return node with { Inputs = inputs, Outputs = outputs };
    }

    private static Node AsConvolution(Node node, Linear linear)
    {
        Parameter matrix = node.Parameters[0];
        var filter = new Parameter($"{matrix.Name} as {matrix.Shape}×1×1", [matrix.Shape[0], matrix.Shape[1], 1, 1], ParameterLayout.Filter)
        {
            Sources = [matrix],
            Derive = read => read(matrix),
        };
        return node with { Op = new Conv2d(linear.OutFeatures, Window.Square(1), Bias: linear.Bias) { Range = linear.Range }, Parameters = node.Parameters.SetItem(0, filter) };
    }

    private static Tensor Averaged(Tensor scores, ImmutableArray<Node>.Builder nodes)
    {
        var mean = new Tensor($"{scores.Name} mean", [scores.Shape.N, scores.Shape.C, 1, 1]);
        var rows = new Tensor($"{scores.Name} rows", [scores.Shape.N, scores.Shape.C]);
        nodes.Add(new Node(mean.Name, new GlobalAvgPool2d(), [scores], [mean], []));
        nodes.Add(new Node(rows.Name, new Flatten(), [mean], [rows], []));
        return rows;
    }
}
