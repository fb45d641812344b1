using System.Collections.Immutable;
using System.Globalization;

namespace VkInception.Graph.Ops;

/// <summary>Dispatches of <c>clamp_forward</c>, and the words for a clamp that another operation carries.</summary>
internal static class ClampKernel
{
    public static ShaderDispatch Clamp(TensorView x, TensorView y, OutputRange range)
    {
        var space = new IterationSpace(x.Shape.Dims, new Operand("y", y, IterationSpace.StridesOf(y)), [new Operand("x", x, IterationSpace.StridesOf(x))]);
        return space.Apply(ShaderDispatch.Of("clamp_forward"), maxRank: 2).Specialize("wide", space.Wide).With("low", range.Low).With("high", range.High);
    }

    /// <summary>One input, an output of its shape.</summary>
    public static OpSpec Infer(ImmutableArray<Shape> inputs)
        => inputs.Length == 1 ? new OpSpec(inputs[0]) : throw new VkInceptionException(ErrorCode.ShapeMismatch, $"takes one input, got {inputs.Length}");

    /// <summary>", ReLU" and the like, to follow an operation's attributes.</summary>
    public static string Suffix(OutputRange range)
    {
        if (range.IsAll) return "";
        if (range == OutputRange.ReLU) return ", ReLU";
        return range is { Low: 0, High: 6 } ? ", ReLU6" : string.Create(CultureInfo.InvariantCulture, $", clip {range.Low:g} to {range.High:g}");
    }
}
