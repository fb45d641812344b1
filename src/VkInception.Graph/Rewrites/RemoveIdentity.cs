using VkInception.Graph.Ops;

namespace VkInception.Graph.Rewrites;

/// <summary>Dropout in inference and identity pass their input on; readers read that input instead.</summary>
internal static class RemoveIdentity
{
    public static Network Apply(Network network)
    {
        var replaced = new Dictionary<Tensor, Tensor>();
        var nodes = new List<Node>();
        foreach (Node node in network.Nodes)
        {
            Node current = node with { Inputs = [.. node.Inputs.Select(t => replaced.GetValueOrDefault(t, t))] };
            if (node.Op is Dropout or Identity && !network.Outputs.Contains(node.Output)) replaced[node.Output] = current.Inputs[0];
            else nodes.Add(current);
        }
        return new Network(network.Name, network.Inputs, [.. nodes], network.Outputs, network.Aliases);
    }
}
