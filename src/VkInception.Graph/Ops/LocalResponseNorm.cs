using System.Collections.Immutable;
using System.Globalization;

namespace VkInception.Graph.Ops;

/// <summary>Local response normalization across channels (AlexNet, section 3.3).</summary>
/// <remarks>y = x · scale^−beta, scale = k + alpha/size · Σ x² over a window of size channels around each, cut at the first and last channel.
/// Alpha is divided by the size as Caffe, PyTorch and ONNX do; the AlexNet paper does not divide.</remarks>
/// <param name="Size">Channels in the window; odd.</param>
/// <param name="Alpha">Weight of the squares, divided by <paramref name="Size"/>.</param>
/// <param name="Beta">Exponent.</param>
/// <param name="K">What the sum is added to.</param>
public sealed record LocalResponseNorm(int Size = 5, float Alpha = 1e-4f, float Beta = 0.75f, float K = 1f) : Op
{
    /// <summary>The shader unrolls the window; nobody has used more than 9 channels.</summary>
    private const int MaxSize = 63;

    /// <inheritdoc/>
    public override string Attributes => string.Create(CultureInfo.InvariantCulture, $"size {Size}, alpha {Alpha:g}, beta {Beta:g}, k {K:g}");

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        Shape x = WindowArithmetic.Image(inputs);
        if (Size < 1 || Size > MaxSize) throw Mismatch($"size {Size}: a window of 1 to {MaxSize} channels is supported");
        if (Size % 2 == 0) throw Mismatch($"size {Size}: the window must be odd (frameworks disagree on where an even one lies)");
        return new OpSpec(x);
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
    {
        bool wide = t.Input.IsVec4 && t.Output.IsVec4;
        int step = wide ? 4 : 1;
        return
        [
            ShaderDispatch.Of("lrn_forward").Read("x", t.Input).Write("y", t.Output)
                .Specialize("wide", wide).Specialize("size", Size).Specialize("three_quarters", Beta == 0.75f)
                .With("count", (int)(t.Output.Shape.Count / step)).With("channels", t.Input.Shape.C / step)
                .With("xRowStride", t.Input.RowStride / step).With("yRowStride", t.Output.RowStride / step)
                .With("alphaOverSize", DecimalValue.Of(Alpha) / Size).With("beta", Beta).With("k", K)
                .Over(t.Output.Shape.Count / step),
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t)
    {
        if (t.InputGradient is not { } dx) return [];
        TensorView x = t.Forward.Input, dy = t.OutputGradient;
        bool wide = x.IsVec4 && dy.IsVec4 && dx.View.IsVec4;
        int step = wide ? 4 : 1;
        return
        [
            ShaderDispatch.Of("lrn_backward").Read("x", x).Read("dy", dy).Gradient("dx", dx)
                .Specialize("wide", wide).Specialize("size", Size).Specialize("three_quarters", Beta == 0.75f).Specialize("even", x.Shape.C / step % 2 == 0).MaskedBy(dx.Clamped, !dx.Clamped.IsAll)
                .With("count", (int)(x.Shape.Count / step)).With("channels", x.Shape.C / step)
                .With("xRowStride", x.RowStride / step).With("dyRowStride", dy.RowStride / step).With("dxRowStride", dx.View.RowStride / step)
                .With("alphaOverSize", DecimalValue.Of(Alpha) / Size).With("beta", Beta).With("k", K)
                .Over(x.Shape.Count / step),
        ];
    }

    /// <inheritdoc/>
    public override GradientMasking Masking => GradientMasking.Whole;
}
