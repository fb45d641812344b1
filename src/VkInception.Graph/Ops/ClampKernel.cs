using System.Collections.Immutable;
using System.Globalization;

namespace VkInception.Graph.Ops;

/// <summary>Dispatches of <c>clamp_forward</c> and <c>clamp_backward</c>, and the words for a clamp that another operation carries.</summary>
internal static class ClampKernel
{
    public static ShaderDispatch Clamp(TensorView x, TensorView y, OutputRange range)
    {
        var space = new IterationSpace(x.Shape.Dims, new Operand("y", y, IterationSpace.StridesOf(y)), [new Operand("x", x, IterationSpace.StridesOf(x))]);
        return space.Apply(ShaderDispatch.Of("clamp_forward"), maxRank: 2).Specialize("wide", space.Wide).With("low", range.Low).With("high", range.High);
    }

    /// <summary>The gradient passes where the output lies strictly inside the range (PyTorch's relu and hardtanh); dx may be dy's own memory.</summary>
    public static IEnumerable<ShaderDispatch> Backward(BackwardTensors t, OutputRange range)
    {
        if (t.InputGradient is not { } dx) return [];
        TensorView dy = t.OutputGradient, y = t.Forward.Output;
        var space = new IterationSpace(y.Shape.Dims, new Operand("dx", dx.View, IterationSpace.StridesOf(dx.View)),
            [new Operand("dy", dy, IterationSpace.StridesOf(dy)), new Operand("y", y, IterationSpace.StridesOf(y))]);
        return [space.Apply(ShaderDispatch.Of("clamp_backward"), maxRank: 2, dx).Specialize("wide", space.Wide).With("low", range.Low).With("high", range.High)];
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
