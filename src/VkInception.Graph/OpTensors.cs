using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>What a node reads and writes, placed in memory: handed to <see cref="Op.Forward"/>.</summary>
public sealed record OpTensors(Node Node, ImmutableArray<TensorView> Inputs, ImmutableArray<TensorView> Outputs, ImmutableArray<TensorView> Parameters)
{
    /// <summary>The first input.</summary>
    public TensorView Input => Inputs[0];

    /// <summary>The first output.</summary>
    public TensorView Output => Outputs[0];
}
