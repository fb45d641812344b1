using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>What a node reads and writes, placed in memory: handed to <see cref="Op.Forward"/>.</summary>
public sealed record OpTensors(Node Node, ImmutableArray<TensorView> Inputs, ImmutableArray<TensorView> Outputs, ImmutableArray<TensorView> Parameters)
{
    /// <summary>Whether this is the forward pass of a training step: batch statistics, dropout, and <see cref="Saved"/> is written.</summary>
    public bool Training { get; init; }

    /// <summary>Whether a training step computes the node a second time, because its output was not kept: running averages then stay as they are.</summary>
    public bool Recomputed { get; init; }

    /// <summary>What a training step keeps for the backward pass, as <see cref="Op.Saved"/> asked; empty in inference.</summary>
    public ImmutableArray<TensorView> Saved { get; init; } = [];

    /// <summary>The step's values (seed, step number, loss scale …) as <c>shaders/include/step.glsl</c> declares them; null in inference.</summary>
    public TensorView? Step { get; init; }

    /// <summary>A number of the node's own in its network, so that two dropouts draw different masks.</summary>
    public int Stream { get; init; }

    /// <summary>What all of the first input was clamped to in a training step, so that no gradient passes where it lies at an end; all numbers where that is not known.</summary>
    public OutputRange InputRange { get; init; } = OutputRange.All;

    /// <summary>The first input.</summary>
    public TensorView Input => Inputs[0];

    /// <summary>The first output.</summary>
    public TensorView Output => Outputs[0];
}
