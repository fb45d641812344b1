using VkInception.Graph;

namespace VkInception.Import.Names;

/// <summary>The nodes of a network in the order in which Keras lists a model's layers: the farthest from the output first, and where several are equally far, as a walk back from the output meets them.</summary>
/// <remarks>It is not the order in which they were made: layers of branches come in turn. Files that number layers by their place in the model number them so.</remarks>
internal static class KerasOrder
{
    /// <summary>The nodes that the first output depends on; auxiliary heads are not among them.</summary>
    public static IEnumerable<Node> Of(Network network)
    {
        var makers = new Dictionary<Tensor, Node>();
        foreach (Node node in network.Nodes)
            foreach (Tensor output in node.Outputs) makers[output] = node;
        var met = new Dictionary<Node, int>(ReferenceEqualityComparer.Instance);
        Meet(network.Outputs[0], makers, met);
        var distances = new Dictionary<Node, int>(ReferenceEqualityComparer.Instance);
        foreach (Node node in network.Nodes.Reverse().Where(met.ContainsKey))
        {
            int beyond = distances[node] = distances.GetValueOrDefault(node);
            foreach (Tensor input in node.Inputs)
                if (makers.TryGetValue(input, out Node? maker)) distances[maker] = Math.Max(distances.GetValueOrDefault(maker), beyond + 1);
        }
        return met.Keys.OrderByDescending(n => distances[n]).ThenBy(n => met[n]);
    }

    private static void Meet(Tensor tensor, Dictionary<Tensor, Node> makers, Dictionary<Node, int> met)
    {
        if (!makers.TryGetValue(tensor, out Node? maker) || !met.TryAdd(maker, met.Count)) return;
        foreach (Tensor input in maker.Inputs) Meet(input, makers, met);
    }
}
