using System.Globalization;

namespace VkInception.Graph.Ops;

/// <summary>Dropout (AlexNet, section 4.2): in training y = x/(1 − rate) where an element is kept, 0 elsewhere; in inference the identity.</summary>
/// <remarks>The mask is drawn anew from seed, step, node and element wherever it is needed (Philox, <see cref="VkInception.Philox"/>); nothing is stored.</remarks>
/// <param name="Rate">Share of elements that training sets to zero.</param>
public sealed record Dropout(float Rate) : ViewOp
{
    /// <inheritdoc/>
    public override string Attributes => string.Create(CultureInfo.InvariantCulture, $"rate {Rate:g}");

    /// <inheritdoc/>
    public override bool IsView(Shape input, Shape output, bool training = false) => !(training && Rate > 0) && base.IsView(input, output, training);

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
        => t.Training && Rate > 0 ? [Masked(t, t.Input, t.Output).Write("y", t.Output).Specialize("accumulate", false)] : base.Forward(t);

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t)
    {
        if (Rate == 0) return base.Backward(t);
        return t.InputGradient is { } dx ? [Masked(t.Forward, t.OutputGradient, dx.View).Gradient("y", dx)] : [];
    }

    private protected override Shape Reshaped(Shape input)
        => Rate is >= 0 and < 1 ? input : throw Mismatch($"rate {Rate.ToString(CultureInfo.InvariantCulture)}: must be at least 0 and under 1");

    private ShaderDispatch Masked(OpTensors t, TensorView x, TensorView y)
    {
        bool wide = x.IsVec4 && y.IsVec4;
        int step = wide ? 4 : 1, count = (int)(x.Shape.Count / step);
        return ShaderDispatch.Of("dropout_forward").Read("x", x).Read("step", t.Step!).Specialize("wide", wide)
            .With("count", count).With("rowLength", x.RowLength / step).With("xRowStride", x.RowStride / step).With("yRowStride", y.RowStride / step)
            .With("stream", t.Stream).With("rate", Rate).With("scale", 1 / (1 - DecimalValue.Of(Rate))).Over(count);
    }
}
