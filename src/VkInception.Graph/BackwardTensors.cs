using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>What a node's backward pass reads and writes: handed to <see cref="Op.Backward"/>.</summary>
/// <param name="Forward">The tensors of the forward pass, saved ones included; all still hold what it left there.</param>
/// <param name="OutputGradients">Gradients of the outputs; the backward pass may overwrite them. Empty for a loss.</param>
/// <param name="InputGradients">Where each input's gradient is wanted; null where it is not.</param>
/// <param name="ParameterGradients">Where each parameter's gradient is wanted; null where it is not (frozen, or not trained).</param>
public sealed record BackwardTensors(
    OpTensors Forward, ImmutableArray<TensorView> OutputGradients, ImmutableArray<Gradient?> InputGradients, ImmutableArray<Gradient?> ParameterGradients)
{
    /// <summary>Whether the output's gradient is 0 already where the output was clamped (<see cref="Gradient.Clamped"/>).</summary>
    public bool OutputMasked { get; init; }

    /// <summary>The gradient of the first output.</summary>
    public TensorView OutputGradient => OutputGradients[0];

    /// <summary>Where the gradient of the first input is wanted; null where it is not.</summary>
    public Gradient? InputGradient => InputGradients[0];
}
