using System.Collections.Immutable;
using VkInception.Graph.Ops;

namespace VkInception.Graph.Rewrites;

/// <summary>Makes the output of a network that runs in half precision single: the logits are widened, and a softmax behind them runs in single precision.</summary>
internal static class WidenOutput
{
    /// <summary>The network with widened output, and the tensors that are single precision in it.</summary>
    public static (Network Network, ImmutableHashSet<Tensor> Single) Apply(Network network)
    {
        Tensor output = network.Outputs[0];
        Tensor logits = InputOfSoftmax(network, output) ?? output;
        var wide = new Tensor(logits.Name, logits.Shape);
        var widen = new Node($"{logits.Name} in single precision", new Widen(), [logits], [wide], []);
        var single = ImmutableHashSet.Create(wide);
        var nodes = new List<Node>();
        if (network.Inputs.Contains(logits)) nodes.Add(widen);
        foreach (Node node in network.Nodes)
        {
            Node kept = node;
            if (logits != output && node.Inputs.Any(t => t == logits || single.Contains(t)))
            {
                kept = node with { Inputs = [.. node.Inputs.Select(t => t == logits ? wide : t)] };
                single = single.Union(node.Outputs);
            }
            nodes.Add(kept);
            if (node.Outputs.Contains(logits)) nodes.Add(widen);
        }
        ImmutableArray<Tensor> outputs = logits == output ? network.Outputs.SetItem(0, wide) : network.Outputs;
        return (new Network(network.Name, network.Inputs, [.. nodes], outputs, network.Aliases), single);
    }

    /// <summary>What the softmax at the end reads, if there is one and nothing but views stands behind it; null otherwise.</summary>
    private static Tensor? InputOfSoftmax(Network network, Tensor output)
    {
        var consumers = new Consumers(network);
        Node? node = consumers.SoleProducer(output);
        while (node?.Op is ViewOp) node = consumers.SoleProducer(node.Inputs[0]);
        return node?.Op is Softmax && consumers.SoleProducer(node.Inputs[0]) is not null ? node.Inputs[0] : null;
    }
}
