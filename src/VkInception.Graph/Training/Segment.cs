using System.Collections.Immutable;
using VkInception.Graph.Ops;
using VkInception.Graph.Planning;

namespace VkInception.Graph.Training;

/// <summary>A stretch of a network between two narrow places, whose activations are not kept but computed again ("Training Deep Nets with Sublinear Memory Cost", 1604.06174).</summary>
/// <remarks>A place is narrow when one tensor alone crosses it: after each pool and each Inception module of GoogLeNet. That tensor is kept.</remarks>
internal sealed class Segment
{
    private readonly Dictionary<Storage, Storage> again = [];
    private readonly HashSet<Node> nodes;
    private bool begun;

    private Segment(IReadOnlyList<Node> nodes, HashSet<Storage> kept, Placement activations)
    {
        this.nodes = [.. nodes];
        Recomputed = [.. nodes.Where(n => !kept.Contains(activations[n.Output].Storage))];
        foreach (Tensor tensor in Recomputed.SelectMany(n => n.Outputs)) Clone(activations[tensor].Storage);
    }

    /// <summary>All nodes of the stretch.</summary>
    public IReadOnlySet<Node> Nodes => nodes;

    /// <summary>Those that the backward pass computes again, in order.</summary>
    public ImmutableArray<Node> Recomputed { get; }

    /// <summary>True the first time it is called: when the backward pass arrives.</summary>
    public bool Begin() => !begun && (begun = true);

    /// <summary>Where the second computation puts what lay at <paramref name="view"/>; the same place where that was kept.</summary>
    public TensorView Again(TensorView view) => again.TryGetValue(view.Storage, out Storage? copy) ? view with { Storage = copy } : view;

    /// <summary>What a recomputed node saves is computed again too.</summary>
    public void Clone(Storage storage)
    {
        if (!again.ContainsKey(storage)) again.Add(storage, new Storage($"{storage.Name} again", storage.Elements, type: storage.Type) { HoldsIntegers = storage.HoldsIntegers });
    }

    /// <summary>The stretches of a network, the last one excepted: the backward pass begins there, so nothing is gained.</summary>
    public static ImmutableArray<Segment> Of(Network network, Placement activations)
    {
        var last = new Dictionary<Tensor, int>();
        Node[] losses = [.. network.Nodes.Where(n => n.Op is SoftmaxCrossEntropy)];
        for (int i = 0; i < network.Nodes.Length; i++)
            foreach (Tensor input in network.Nodes[i].Inputs) last[input] = i;
        // The losses stand at the end and read the logits of every head: a few numbers, kept.
        foreach (Tensor logits in losses.Select(n => n.Inputs[0])) last.Remove(logits);
        HashSet<Storage> kept = [.. losses.Select(n => activations[n.Inputs[0]].Storage)];
        var found = new List<IReadOnlyList<Node>>();
        int begin = 0;
        for (int i = 0; i < network.Nodes.Length; i++)
        {
            Tensor[] crossing = [.. network.Nodes[..(i + 1)].SelectMany(n => n.Outputs).Where(t => last.GetValueOrDefault(t, -1) > i)];
            if (crossing.Length != 1 || i - begin < 2) continue;
            kept.Add(activations[crossing[0]].Storage);
            found.Add(network.Nodes[begin..(i + 1)]);
            begin = i + 1;
        }
        return [.. found.Select(nodes => new Segment(nodes, kept, activations))];
    }
}
