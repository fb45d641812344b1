using System.Collections.Immutable;
using System.Globalization;

namespace VkInception.Graph.Ops;

/// <summary>The loss of a classifier: cross-entropy of the softmax of N×C logits against N labels (PyTorch's cross_entropy, reduction mean).</summary>
/// <remarks>
/// With p = softmax(logits), label y and smoothing e: loss of an image = −(1 − e)·w[y]·ln p[y] − e/C·Σ w[c]·ln p[c]; the mean divides by
/// the sum of w[y] over the labels that count (without class weights: by their number). Labels are 32-bit integers; one equal to
/// <see cref="IgnoredLabel"/> counts for nothing. Output: mean loss, images whose largest logit is the label's, images that count.
/// When no label counts, loss and gradients are 0 (PyTorch gives NaN).
/// </remarks>
/// <param name="Weight">What the loss counts for in the total: 1 for the classifier, 0.3 for GoogLeNet's auxiliary heads.</param>
/// <param name="Smoothing">Label smoothing, from 0 to under 1 (1512.00567, section 7).</param>
/// <param name="ClassWeights">Whether a parameter <c>class_weights</c> of C elements, not trained, weighs the classes.</param>
public sealed record SoftmaxCrossEntropy(float Weight = 1, float Smoothing = 0, bool ClassWeights = false) : Op
{
    /// <summary>The label of an image that counts for nothing.</summary>
    public const int IgnoredLabel = -100;

    /// <inheritdoc/>
    public override string Attributes => string.Create(CultureInfo.InvariantCulture, $"weight {Weight:g}{(Smoothing == 0 ? "" : $", smoothing {Smoothing:g}")}{(ClassWeights ? ", class weights" : "")}");

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 2) throw Mismatch($"takes logits and labels, got {inputs.Length} inputs");
        if (inputs[0].Rank != 2 || inputs[1].Rank != 1 || inputs[0].N != inputs[1].N) throw Mismatch($"takes logits N×C and labels N, got {inputs[0]} and {inputs[1]}");
        if (Smoothing is not (>= 0 and < 1)) throw Mismatch(string.Create(CultureInfo.InvariantCulture, $"smoothing {Smoothing}: must be at least 0 and under 1"));
        return new OpSpec([[3]], ClassWeights ? [new ParameterSpec("class_weights", [inputs[0][1]], Trained: false)] : []);
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t) => throw new NotSupportedException();
}
