using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>An operation that changes no element, only the shape: the planner gives the output the input's memory where the order there is the same, otherwise it is one copy.</summary>
public abstract record ViewOp : Op
{
    /// <inheritdoc/>
    public sealed override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 1) throw Mismatch($"takes one input, got {inputs.Length}");
        Shape x = inputs[0];
        if (x.Rank > CopyKernel.MaxRank) throw Mismatch($"input {x}: at most {CopyKernel.MaxRank} axes are supported");
        return new OpSpec(Reshaped(x));
    }

    /// <inheritdoc/>
    public override bool IsView(Shape input, Shape output, bool training = false) => CopyKernel.SameOrder(input, output);

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t) => CopyKernel.Reshape(t.Input, t.Output);

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t) => t.InputGradient is { } dx ? CopyKernel.Reshape(t.OutputGradient, dx) : [];

    /// <summary>The output's shape.</summary>
    private protected abstract Shape Reshaped(Shape input);
}
