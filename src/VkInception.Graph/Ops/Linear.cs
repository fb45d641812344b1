using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>A fully connected layer: y = clamp(x · wᵀ + b) for x N×I, w O×I, b O (Caffe's InnerProduct, ONNX's Gemm with transB).</summary>
/// <param name="OutFeatures">O.</param>
/// <param name="Bias">Whether a bias is added.</param>
public sealed record Linear(int OutFeatures, bool Bias = true) : Op
{
    /// <summary>What the output is clamped to: a fused ReLU, ReLU6 or clip.</summary>
    public OutputRange Range { get; init; } = OutputRange.All;

    /// <inheritdoc/>
    public override string Attributes => $"{OutFeatures} features{ClampKernel.Suffix(Range)}";

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 1) throw Mismatch($"takes one input, got {inputs.Length}");
        Shape x = inputs[0];
        if (x.Rank != 2) throw Mismatch($"takes an input N×features, got {x}; flatten it first");
        if (OutFeatures < 1) throw Mismatch($"{OutFeatures} output features: at least 1 is needed");
        var weight = new ParameterSpec("weight", [OutFeatures, x[1]], ParameterLayout.Filter);
        return new OpSpec([[x.N, OutFeatures]], Bias ? [weight, new ParameterSpec("bias", [OutFeatures])] : [weight]);
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
        => [new ConvolutionDispatch(AsImage(t.Input), AsImage(t.Parameters[0]), Bias ? t.Parameters[1] : null, AsImage(t.Output), Window.Square(1), 1, Range)];

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t)
        => ConvolutionGradients.Launches(
            AsImage(t.Forward.Input), AsImage(t.Forward.Parameters[0]), AsImage(t.Forward.Output), AsImage(t.OutputGradient),
            AsImage(t.InputGradient), AsImage(t.ParameterGradients[0]), Bias ? t.ParameterGradients[1] : null, Window.Square(1), 1, Range);

    /// <inheritdoc/>
    public override bool IsHalved(int index) => index == 0;

    /// <inheritdoc/>
    public override long MultiplyAdds(ImmutableArray<Shape> inputs, ImmutableArray<Shape> outputs) => outputs[0].Count * inputs[0][1];

    private static Gradient? AsImage(Gradient? gradient) => gradient is null ? null : gradient with { View = AsImage(gradient.View) };

    private static TensorView AsImage(TensorView matrix) => matrix with { Shape = [matrix.Shape[0], matrix.Shape[1], 1, 1] };
}
