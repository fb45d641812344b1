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

    private const int LocalSize = 64;
    private const int MaxGroups = 65535;

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

    /// <summary>Per image the largest logit and 1/Σ e^(x − largest); then 1/Σ w[y] and the sum of all class weights.</summary>
    public override ImmutableArray<Shape> Saved(ImmutableArray<Shape> inputs) => [[inputs[0].N, 2], [2]];

    /// <inheritdoc/>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnsupportedOperator"/> outside training.</exception>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
    {
        if (!t.Training) throw new VkInceptionException(ErrorCode.UnsupportedOperator, $"node {t.Node}: a loss is computed in training only; fetch the logits {t.Node.Inputs[0].Name}");
        TensorView x = t.Input, weights = ClassWeights ? t.Parameters[0] : x;
        int images = x.Shape.N, classes = x.Shape[1];
        TensorView terms = TensorView.Dense([images, 4], new Storage($"{t.Node.Name} workspace", 4L * images, type: x.SumType));
        return
        [
            // Without class weights neither shader reads them; every address it declares must still be one.
            ShaderDispatch.Of("cross_entropy_forward").Read("x", x).Read("label", t.Inputs[1]).Read("w", weights).Write("stats", t.Saved[0]).Write("terms", terms)
                .Specialize("class_weights", ClassWeights).Specialize("smooth_labels", Smoothing > 0)
                .With("count", images).With("classes", classes).With("xRowStride", x.RowStride).With("statsRowStride", t.Saved[0].RowStride).With("smoothing", Smoothing)
                .Groups(Math.Min(images, MaxGroups), 1, 1, LocalSize),
            ShaderDispatch.Of("cross_entropy_total").Read("terms", terms).Read("w", ClassWeights ? weights : terms).Write("y", t.Output).Write("total", t.Saved[1])
                .Specialize("class_weights", ClassWeights).With("count", images).With("classes", classes).Groups(1, 1, 1, LocalSize),
        ];
    }

    /// <summary>Writes <see cref="Weight"/> · loss scale · gradient of the mean loss.</summary>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t)
    {
        if (t.InputGradient is not { } dx) return [];
        OpTensors f = t.Forward;
        TensorView x = f.Input;
        int count = (int)x.Shape.Count;
        return
        [
            ShaderDispatch.Of("cross_entropy_backward").Read("x", x).Read("label", f.Inputs[1]).Read("w", ClassWeights ? f.Parameters[0] : x)
                .Read("stats", f.Saved[0]).Read("total", f.Saved[1]).Read("step", f.Step!).Gradient("dx", dx).Specialize("class_weights", ClassWeights)
                .With("count", count).With("classes", x.Shape[1])
                .With("xRowStride", x.RowStride).With("statsRowStride", f.Saved[0].RowStride).With("dxRowStride", dx.View.RowStride)
                .With("weight", Weight).With("smoothing", Smoothing).Over(count),
        ];
    }
}
