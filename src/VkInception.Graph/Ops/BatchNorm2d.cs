using System.Collections.Immutable;
using System.Globalization;

namespace VkInception.Graph.Ops;

/// <summary>Batch normalization (1502.03167): y = (x − mean)/√(variance + epsilon) · weight + bias per channel.</summary>
/// <remarks>
/// By the running statistics in inference (algorithm 2), by the batch's in training (algorithm 1), which also moves the running ones; the batch's
/// variance is divided by the number of elements there, by one less for the running one (PyTorch).
/// Input N C H W or N C. Parameters, each of C: <c>weight</c> and <c>bias</c> where <paramref name="Affine"/>, then <c>running_mean</c>, <c>running_var</c>.
/// </remarks>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Affine">Whether a weight and a bias follow.</param>
public sealed record BatchNorm2d(float Epsilon = 1e-5f, bool Affine = true) : Op
{
    /// <summary>Share of a batch's statistics in the new running ones (PyTorch's momentum; Caffe's moving_average_fraction is one less it).</summary>
    public float Momentum { get; init; } = 0.1f;

    /// <summary>What the output is clamped to: a fused ReLU, ReLU6 or clip.</summary>
    public OutputRange Range { get; init; } = OutputRange.All;

    /// <inheritdoc/>
    public override string Attributes => string.Create(CultureInfo.InvariantCulture, $"epsilon {Epsilon:g}{(Affine ? "" : ", not affine")}{ClampKernel.Suffix(Range)}");

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 1) throw Mismatch($"takes one input, got {inputs.Length}");
        Shape x = inputs[0];
        if (x.Rank is not (2 or 4)) throw Mismatch($"takes an input N×C×H×W or N×C, got {x}");
        if (!(Epsilon >= 0)) throw Mismatch(string.Create(CultureInfo.InvariantCulture, $"epsilon {Epsilon}: must not be negative"));
        Shape c = [x.C];
        ParameterSpec mean = new("running_mean", c, Trained: false), variance = new("running_var", c, Trained: false);
        return new OpSpec([x], Affine ? [new ParameterSpec("weight", c), new ParameterSpec("bias", c), mean, variance] : [mean, variance]);
    }

    /// <summary>The batch's mean and 1/√(variance + epsilon).</summary>
    public override ImmutableArray<Shape> Saved(ImmutableArray<Shape> inputs) => [[inputs[0].C], [inputs[0].C]];

    /// <inheritdoc/>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/> in training with one value per channel, which has no variance.</exception>
    public override IEnumerable<Dispatch> Forward(OpTensors t) => t.Training ? BatchNormTraining.Forward(this, t) : [ByRunningStatistics(t)];

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t) => BatchNormTraining.Backward(this, t);

    private ShaderDispatch ByRunningStatistics(OpTensors t)
    {
        TensorView mean = t.Parameters[^2], variance = t.Parameters[^1];
        bool wide = t.Input.IsVec4 && t.Output.IsVec4 && t.Parameters.All(p => p.IsVec4);
        int step = wide ? 4 : 1;
        // Without weight and bias the shader reads neither; every address it declares must still be one.
        return ShaderDispatch.Of("batch_norm_forward").Read("x", t.Input)
            .Read("w", Affine ? t.Parameters[0] : mean).Read("b", Affine ? t.Parameters[1] : mean)
            .Read("mean", mean).Read("variance", variance).Write("y", t.Output)
            .Specialize("wide", wide).Specialize("affine", Affine)
            .With("count", (int)(t.Output.Shape.Count / step)).With("channels", t.Input.Shape.C / step)
            .With("xRowStride", t.Input.RowStride / step).With("yRowStride", t.Output.RowStride / step)
            .With("epsilon", Epsilon).With("low", Range.Low).With("high", Range.High).Over(t.Output.Shape.Count / step);
    }
}
