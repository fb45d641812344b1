using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>One operation of a network with what it reads and writes.</summary>
public sealed record Node(string Name, Op Op, ImmutableArray<Tensor> Inputs, ImmutableArray<Tensor> Outputs, ImmutableArray<Parameter> Parameters)
{
    /// <summary>The first output; most operations have one.</summary>
    public Tensor Output => Outputs[0];

    /// <summary>Multiply-adds of one forward pass.</summary>
    public long MultiplyAdds => Op.MultiplyAdds([.. Inputs.Select(t => t.Shape)], [.. Outputs.Select(t => t.Shape)]);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Op.Type})";
}
