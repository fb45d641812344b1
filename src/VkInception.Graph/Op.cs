using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>An operation: its attributes, its shape rule, and the dispatches that compute it. One file per operation in Ops/.</summary>
public abstract record Op
{
    /// <summary>The name in tables and messages.</summary>
    public virtual string Type => GetType().Name;

    /// <summary>Output shapes and the parameters that the operation needs, from the input shapes.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/> when the inputs do not fit; the network adds the node's name.</exception>
    public abstract OpSpec Infer(ImmutableArray<Shape> inputs);

    /// <summary>The launches of the forward pass, in order; with <see cref="OpTensors.Training"/> those of a training step.</summary>
    public abstract IEnumerable<Dispatch> Forward(OpTensors t);

    /// <summary>What the forward pass of a training step writes beside its outputs, for the backward pass to read (batch statistics, positions of maxima).</summary>
    public virtual ImmutableArray<Shape> Saved(ImmutableArray<Shape> inputs) => [];

    /// <summary>Whether what it saves are 32-bit words of integers (positions of maxima), whatever the activations are.</summary>
    public virtual bool SavesPositions => false;

    /// <summary>The launches of the backward pass, in order: from the outputs' gradients to those of inputs and parameters that are wanted.</summary>
    /// <remarks>
    /// The outputs' gradients may be overwritten: nothing reads them afterwards. Gradients of inputs are finished in the order of the
    /// inputs, for two of them may be the same tensor. Sums are taken in one fixed order, so that the same step gives the same bits.
    /// </remarks>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnsupportedOperator"/> for an operation that cannot be trained through.</exception>
    public virtual IEnumerable<Dispatch> Backward(BackwardTensors t)
        => throw new VkInceptionException(ErrorCode.UnsupportedOperator, $"node {t.Forward.Node}: {Type} has no backward pass; freeze everything before it");

    /// <summary>What the backward pass does about an input that was clamped.</summary>
    public virtual GradientMasking Masking => GradientMasking.None;

    /// <summary>Whether half and mixed precision hand over parameter <paramref name="index"/> in half: where it is multiplied with activations, not added to sums.</summary>
    public virtual bool IsHalved(int index) => false;

    /// <summary>Multiply-adds of one forward pass, counted as the papers do: convolutions and matrix products only.</summary>
    public virtual long MultiplyAdds(ImmutableArray<Shape> inputs, ImmutableArray<Shape> outputs) => 0;

    /// <summary>
    /// Whether the output of shape <paramref name="output"/> holds the elements of the input in the same order in memory (flatten of
    /// N C 1 1, dropout in inference); no dispatch runs where the planner lets the two share memory.
    /// </summary>
    public virtual bool IsView(Shape input, Shape output, bool training = false) => false;

    /// <summary>Attributes in words for <c>plan</c> and <c>summary</c>: "3×3/2 pad 1"; empty when there are none.</summary>
    public virtual string Attributes => "";

    /// <summary>Raises the error of a shape that does not fit this operation.</summary>
    protected static VkInceptionException Mismatch(string message) => new(ErrorCode.ShapeMismatch, message);
}
