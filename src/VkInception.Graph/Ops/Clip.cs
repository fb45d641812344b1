using System.Collections.Immutable;
using System.Globalization;

namespace VkInception.Graph.Ops;

/// <summary>Clamp to a range: y = min(max(x, low), high), any shape; NaN passes (ONNX Clip).</summary>
/// <param name="Low">Lower bound; negative infinity for none.</param>
/// <param name="High">Upper bound; infinity for none. It wins where it is under <paramref name="Low"/>, as in ONNX.</param>
public sealed record Clip(float Low, float High) : Op
{
    /// <inheritdoc/>
    public override string Attributes => string.Create(CultureInfo.InvariantCulture, $"{Low:g} to {High:g}");

    private OutputRange Range => new(Math.Min(Low, High), High);

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        if (float.IsNaN(Low) || float.IsNaN(High)) throw Mismatch($"bounds {Attributes}: a bound must be a number");
        return ClampKernel.Infer(inputs);
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t) => [ClampKernel.Clamp(t.Input, t.Output, Range)];

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t) => ClampKernel.Backward(t, Range);
}
