using VkInception.Graph.Ops;
using VkInception.Graph.Rewrites;

namespace VkInception.Graph.Attribution;

/// <summary>The feature maps of a classifier that a class activation map is made of, in the network as inference runs it: batch norm by its running statistics, never by a batch's. Immutable: any thread may use it.</summary>
public sealed class FeatureMaps
{
    private FeatureMaps(Network network, Tensor maps, Tensor logits)
    {
        Network = network;
        Maps = maps;
        Logits = logits;
        Pooled = FindPooled();
    }

    /// <summary>The network, rewritten for inference; its outputs are the logits, and the maps where they were named.</summary>
    public Network Network { get; }

    /// <summary>The maps, N C H W.</summary>
    public Tensor Maps { get; }

    /// <summary>The scores of the classes, before any softmax: N×C or N×C×1×1.</summary>
    public Tensor Logits { get; }

    /// <summary>Whether nothing but the mean over each whole map and at most one linear layer lies between maps and logits: then a class' weights in it make its map (1512.04150, section 2).</summary>
    public bool IsPooled => Pooled is not null;

    /// <summary>The matrix (classes × maps) of that linear layer; null where each class has a map of its own (Network in Network, SqueezeNet), or <see cref="IsPooled"/> is false.</summary>
    public Parameter? ClassWeights => Pooled?.Weights;

    private PooledClassifier? Pooled { get; }

    /// <summary>Finds the maps of a network.</summary>
    /// <param name="network">A classifier before any rewrite; its first output holds the scores.</param>
    /// <param name="node">The node or tensor whose value are the maps; null takes the last that still has an extent, pools apart.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnknownNode"/>; <see cref="ErrorCode.ShapeMismatch"/> where they are no maps; <see cref="ErrorCode.InvalidArgument"/> where the logits do not come from them.</exception>
    public static FeatureMaps Of(Network network, string? node = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Tensor? named = node is null ? null : network.Find(node);
        Network inference = FixedNorm.Apply(Rewrite.ForInference(named is null ? network.WithOutputs(network.Outputs[0]) : network.WithOutputs(network.Outputs[0], named)));
        Tensor logits = LogitsOf(inference);
        Tensor maps = named is null ? Last(inference) : inference.Outputs[1];
        if (maps.Shape.Rank != 4)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{network.Name}: {node} is {maps.Shape}, which has no height and width to draw; name a node before the classifier");
        if (inference.WithOutputs(logits).Producer(maps) is null)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{network.Name}: the class scores do not come from {node}; name a node between the input and the classifier");
        return new FeatureMaps(inference, maps, logits);
    }

    private static Tensor LogitsOf(Network network)
    {
        Tensor logits = network.Outputs[0];
        for (Node? node = network.Producer(logits); node?.Op is Softmax or ViewOp; node = network.Producer(node.Inputs[0]))
            if (node.Op is Softmax) logits = node.Inputs[0];
        return logits.Shape is { Rank: 2 } or { Rank: 4, H: 1, W: 1 }
            ? logits
            : throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{network.Name}: output {logits} is no N×classes; only classifiers have class activation maps");
    }

    /// <summary>A pool after the maps only loses detail.</summary>
    private static Tensor Last(Network network)
        => network.Nodes.LastOrDefault(n => n.Output.Shape is { Rank: 4 } s && s.H * s.W > 1 && n.Op is Conv2d or Concat or ReLU or ReLU6 or Clip or BinaryOp)?.Output
            ?? throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{network.Name}: has no feature maps with a height and a width");

    private PooledClassifier? FindPooled()
    {
        Node? pool = SoleReader(Maps);
        if (pool?.Op is not (GlobalAvgPool2d or AvgPool2d or AdaptiveAvgPool2d) || pool.Output.Shape is not { H: 1, W: 1 }) return null;
        // A pool that pads, or leaves pixels out, is no mean over the whole map.
        if (pool.Op is AvgPool2d average && average.Window with { StrideH = 1, StrideW = 1 } != new Window(Maps.Shape.H, Maps.Shape.W)) return null;
        Parameter? weights = null;
        Tensor at = pool.Output;
        while (at != Logits)
        {
            Node? next = SoleReader(at);
            bool isLayer = next?.Op is Linear { Range.IsAll: true } || (next?.Op is Conv2d { Range.IsAll: true, Groups: 1 } conv && conv.Window == Window.Square(1));
            if (next is null || (isLayer && weights is not null) || !(isLayer || next.Op is ViewOp)) return null;
            if (isLayer) weights = next.Parameters[0];
            at = next.Output;
        }
        return new PooledClassifier(weights);
    }

    private Node? SoleReader(Tensor tensor)
    {
        Node[] readers = [.. Network.Nodes.Where(n => n.Inputs.Contains(tensor))];
        return readers.Length == 1 ? readers[0] : null;
    }

    private sealed record PooledClassifier(Parameter? Weights);
}
