using VkInception.Graph.Ops;
using VkInception.Graph.Planning;

namespace VkInception.Graph.Training;

/// <summary>Who masks the gradient of a clamped tensor: the last that adds to it, or each that does, where operations can; that spares the convolution behind the clamp a pass of its own.</summary>
internal sealed class ClampedGradients
{
    private readonly Placement gradients;
    private readonly Dictionary<Tensor, Node> producers;
    private readonly Dictionary<Tensor, int> shares;
    private readonly HashSet<Tensor> unmasked = [];
    private readonly HashSet<Storage> masked = [];

    /// <param name="network">The network.</param>
    /// <param name="gradients">Where the gradients lie.</param>
    /// <param name="differentiable">Tensors that have one.</param>
    public ClampedGradients(Network network, Placement gradients, IReadOnlySet<Tensor> differentiable)
    {
        this.gradients = gradients;
        producers = network.Nodes.SelectMany(n => n.Outputs.Select(t => (Tensor: t, Node: n))).ToDictionary(p => p.Tensor, p => p.Node);
        shares = network.Nodes.Where(n => differentiable.Contains(n.Output)).SelectMany(n => n.Inputs).GroupBy(t => t).ToDictionary(g => g.Key, g => g.Count());
    }

    /// <summary>Whether the gradient of a node's output is masked when its backward pass begins.</summary>
    public bool IsMasked(Tensor output) => masked.Contains(gradients[output].Storage);

    /// <summary>Called for each share of a gradient in the order of the backward pass: what <paramref name="reader"/> has to mask with its share of <paramref name="input"/>'s.</summary>
    public OutputRange Finish(Node reader, Tensor input)
    {
        bool last = --shares[input] == 0, whole = last && reader.Op.Masking == GradientMasking.Whole;
        if (!whole && reader.Op.Masking != GradientMasking.Share) unmasked.Add(input);
        OutputRange range = last && gradients.HasOwnBlock(input) && (whole || !unmasked.Contains(input)) ? RangeOf(input) : OutputRange.All;
        if (!range.IsAll) masked.Add(gradients[input].Storage);
        return whole ? range : OutputRange.All;
    }

    /// <summary>What all of a tensor was clamped to by the convolutions that wrote it, one or, where their gradients lie side by side in this one's, several.</summary>
    public OutputRange RangeOf(Tensor tensor)
    {
        if (!producers.TryGetValue(tensor, out Node? producer)) return OutputRange.All;
        if (producer.Op is Conv2d convolution) return convolution.Range;
        if (producer.Op is not Concat) return OutputRange.All;
        OutputRange[] ranges = [.. producer.Inputs.Select(PartRange).Distinct()];
        return ranges.Length == 1 ? ranges[0] : OutputRange.All;

        OutputRange PartRange(Tensor part)
            => gradients[part].Storage == gradients[tensor].Storage && producers.TryGetValue(part, out Node? node) && node.Op is Conv2d c ? c.Range : OutputRange.All;
    }
}
