using VkInception.Graph.Ops;

namespace VkInception.Graph.Rewrites;

/// <summary>Identity, and dropout where it is off, pass their input on; readers read that input instead.</summary>
internal static class RemoveIdentity
{
    public static Network Apply(Network network) => Apply(network, keepDropout: false);

    public static Network Apply(Network network, bool keepDropout)
    {
        var replaced = new Dictionary<Tensor, Tensor>();
        var nodes = new List<Node>();
        foreach (Node node in network.Nodes)
        {
            Node current = node with { Inputs = [.. node.Inputs.Select(t => replaced.GetValueOrDefault(t, t))] };
            bool passesOn = node.Op is Identity || (node.Op is Dropout && !keepDropout);
            if (passesOn && !network.Outputs.Contains(node.Output)) replaced[node.Output] = current.Inputs[0];
            else nodes.Add(current);
        }
        return new Network(network.Name, network.Inputs, [.. nodes], network.Outputs, network.Aliases);
    }
}
