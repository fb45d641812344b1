using System.Collections.Immutable;
using VkInception.Graph.Ops;

namespace VkInception.Graph.Rewrites;

/// <summary>Gives the classifier of an imported network another number of classes, for fine-tuning; its parameters are then without values.</summary>
public static class ReplaceClassifier
{
    /// <summary>The network with so many classes; the same network where it has them already.</summary>
    /// <param name="network">Its first output must come from a linear layer or a convolution, with nothing but pooling, clamps, views and softmax behind it.</param>
    /// <param name="classes">Outputs wanted; 0 leaves the network as it is.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnsupportedOperator"/> where no such layer is found.</exception>
    public static Network Apply(Network network, int classes)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (classes == 0) return network;
        Node layer = Classifier(network)
            ?? throw new VkInceptionException(ErrorCode.UnsupportedOperator, $"{network.Name}: the number of classes cannot be changed, for its output {network.Outputs[0]} comes neither from a linear layer nor from a convolution");
        int own = layer.Output.Shape[1];
        if (own == classes) return network;
        var replaced = new Dictionary<Tensor, Tensor>();
        ImmutableArray<Node> nodes = [.. network.Nodes.Select(node => node == layer ? Resized(node, classes, replaced) : Reinferred(node, own, classes, replaced))];
        return new Network(network.Name, network.Inputs, nodes, [.. network.Outputs.Select(Of)], network.Aliases.ToDictionary(a => a.Key, a => Of(a.Value)));

        Tensor Of(Tensor tensor) => replaced.GetValueOrDefault(tensor, tensor);
    }

    /// <summary>The layer that makes the logits; null where it is neither a linear layer nor a convolution.</summary>
    public static Node? Classifier(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Node? node = network.Producer(network.Outputs[0]);
        while (node?.Op is ViewOp or Softmax or GlobalAvgPool2d or AvgPool2d or AdaptiveAvgPool2d or ReLU or ReLU6 or Clip) node = network.Producer(node.Inputs[0]);
        return node?.Op is Linear or Conv2d { Groups: 1 } ? node : null;
    }

    private static Node Resized(Node layer, int classes, Dictionary<Tensor, Tensor> replaced)
    {
        Op op = layer.Op is Linear linear ? linear with { OutFeatures = classes } : (Conv2d)layer.Op with { OutChannels = classes };
        Node node = Reinferred(layer with { Op = op }, 0, 0, replaced);
        OpSpec spec = op.Infer([.. layer.Inputs.Select(t => t.Shape)]);
        return node with { Parameters = [.. layer.Parameters.Zip(spec.Parameters, (p, wanted) => new Parameter(p.Name, wanted.Shape, p.Layout))] };
    }

    /// <summary>The node on its new inputs; a reshape to a fixed shape follows the number of classes.</summary>
    private static Node Reinferred(Node node, int own, int classes, Dictionary<Tensor, Tensor> replaced)
    {
        ImmutableArray<Tensor> inputs = [.. node.Inputs.Select(t => replaced.GetValueOrDefault(t, t))];
        bool isChanged = classes == 0 || inputs.Zip(node.Inputs).Any(pair => pair.First != pair.Second);
        if (!isChanged) return node;
        Op op = node.Op is Reshape reshape ? new Reshape(Resized(reshape.Target, own, classes)) : node.Op;
        ImmutableArray<Shape> shapes = op.Infer([.. inputs.Select(t => t.Shape)]).Outputs;
        ImmutableArray<Tensor> outputs = [.. node.Outputs.Zip(shapes, (t, shape) => new Tensor(t.Name, shape))];
        foreach ((Tensor before, Tensor after) in node.Outputs.Zip(outputs)) replaced.Add(before, after);
        return node with { Op = op, Inputs = inputs, Outputs = outputs };
    }

    /// <summary>The shape with another number of classes: they stand on axis 1, or on the last that has so many. The batch may be as large, and stays.</summary>
    private static Shape Resized(Shape target, int own, int classes)
    {
        int axis = target.Rank > 1 && target[1] == own ? 1 : target.Dims.LastIndexOf(own);
        return axis < 0 ? target : target.With(axis, classes);
    }
}
