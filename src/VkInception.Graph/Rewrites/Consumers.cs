namespace VkInception.Graph.Rewrites;

/// <summary>Who makes and who reads each tensor of a network: what a rewrite must know before it merges two nodes.</summary>
internal sealed class Consumers
{
    private readonly Dictionary<Tensor, Node> producers = [];
    private readonly Dictionary<Tensor, int> reads = [];

    public Consumers(Network network)
    {
        foreach (Node node in network.Nodes)
        {
            foreach (Tensor output in node.Outputs) producers[output] = node;
            foreach (Tensor input in node.Inputs) reads[input] = reads.GetValueOrDefault(input) + 1;
        }
        foreach (Tensor output in network.Outputs) reads[output] = reads.GetValueOrDefault(output) + 1;
    }

    /// <summary>The node that makes a tensor which nothing else reads; null otherwise.</summary>
    public Node? SoleProducer(Tensor tensor) => reads.GetValueOrDefault(tensor) == 1 ? producers.GetValueOrDefault(tensor) : null;
}
