using System.Collections.Frozen;
using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>A static graph: every shape is known. Immutable; rewrites make new networks.</summary>
/// <remarks>Safe to share between threads.</remarks>
public sealed class Network
{
    private readonly FrozenDictionary<string, Tensor> names;

    /// <summary>A network of nodes that already stand in topological order.</summary>
    /// <param name="name">Its name in tables.</param>
    /// <param name="inputs">What a caller feeds.</param>
    /// <param name="nodes">In an order in which every input is made before it is read.</param>
    /// <param name="outputs">What a caller reads.</param>
    /// <param name="aliases">Further names of tensors (a Caffe blob, an ONNX node).</param>
    public Network(string name, ImmutableArray<Tensor> inputs, ImmutableArray<Node> nodes, ImmutableArray<Tensor> outputs, IReadOnlyDictionary<string, Tensor>? aliases = null)
    {
        Name = name;
        Inputs = inputs;
        Nodes = nodes;
        Outputs = outputs;
        Aliases = aliases ?? FrozenDictionary<string, Tensor>.Empty;
        Parameters = [.. nodes.SelectMany(n => n.Parameters).Distinct()];
        names = CollectNames();
    }

    /// <summary>Its name in tables.</summary>
    public string Name { get; }

    /// <summary>What a caller feeds.</summary>
    public ImmutableArray<Tensor> Inputs { get; }

    /// <summary>All operations, each after those it depends on.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>What a caller reads; the first is the logits of a classifier.</summary>
    public ImmutableArray<Tensor> Outputs { get; }

    /// <summary>Parameters in the order of the nodes, each once.</summary>
    public ImmutableArray<Parameter> Parameters { get; }

    /// <summary>Further names of tensors: a Caffe blob after its in-place layers, an ONNX node.</summary>
    public IReadOnlyDictionary<string, Tensor> Aliases { get; }

    /// <summary>Multiply-adds of one forward pass of the whole batch.</summary>
    public long MultiplyAdds => Nodes.Sum(n => n.MultiplyAdds);

    /// <summary>Elements of all trained parameters.</summary>
    public long ParameterCount => Parameters.SelectMany(p => p.Loaded()).Distinct().Where(p => p.Trained).Sum(p => p.Shape.Count);

    /// <summary>A tensor by its name, an alias, or the name of the node that makes it.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnknownNode"/>, with the closest names.</exception>
    public Tensor Find(string name)
    {
        if (names.TryGetValue(name, out Tensor? tensor)) return tensor;
        string close = string.Join(", ", Closest.To(name, names.Keys));
        throw new VkInceptionException(ErrorCode.UnknownNode, $"{Name}: no node or tensor \"{name}\"; the closest names: {close}");
    }

    /// <summary>The part of the network that these tensors need, with them as outputs.</summary>
    public Network WithOutputs(params ReadOnlySpan<Tensor> outputs)
    {
        var needed = new HashSet<Tensor>();
        foreach (Tensor t in outputs) needed.Add(t);
        var kept = new List<Node>();
        foreach (Node node in Nodes.Reverse())
        {
            if (!node.Outputs.Any(needed.Contains)) continue;
            kept.Add(node);
            needed.UnionWith(node.Inputs);
        }
        kept.Reverse();
        return new Network(Name, [.. Inputs.Where(needed.Contains)], [.. kept], [.. outputs], Aliases);
    }

    /// <summary>The node that makes a tensor; null for an input of the network.</summary>
    public Node? Producer(Tensor tensor) => Nodes.FirstOrDefault(n => n.Outputs.Contains(tensor));

    private FrozenDictionary<string, Tensor> CollectNames()
    {
        var found = new Dictionary<string, Tensor>();
        foreach (Tensor t in Inputs) found.TryAdd(t.Name, t);
        foreach (Tensor t in Nodes.SelectMany(n => n.Outputs)) found.TryAdd(t.Name, t);
        foreach (Tensor t in Outputs) found.TryAdd(t.Name, t);
        HashSet<Tensor> present = [.. found.Values];
        foreach ((string alias, Tensor t) in Aliases)
            if (present.Contains(t)) found[alias] = t;
        foreach (Node n in Nodes) found.TryAdd(n.Name, n.Output);
        return found.ToFrozenDictionary();
    }
}
