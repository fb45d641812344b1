using System.Collections.Immutable;
using System.Globalization;

namespace VkInception.Graph.Ops;

/// <summary>Convolution over N C H W with bias and clamp; the 1×1 bottleneck of an Inception module is one (1409.4842, section 4).</summary>
/// <remarks>
/// y[n,o,p,q] = clamp(b[o] + Σ x[n, i, p·stride + r·dilation − pad, q·stride + s·dilation − pad] · w[o, i, r, s]),
/// i over the input channels of o's group, r and s over the kernel. Parameters: <c>weight</c> O×(C/groups)×kernel, <c>bias</c> O.
/// </remarks>
/// <param name="OutChannels">O.</param>
/// <param name="Window">Kernel, stride, dilation, padding.</param>
/// <param name="Groups">Channels are convolved in so many separate groups; as many as channels is depthwise.</param>
/// <param name="Bias">Whether a bias is added.</param>
public sealed record Conv2d(int OutChannels, Window Window, int Groups = 1, bool Bias = true) : Op
{
    /// <summary>What the output is clamped to: a fused ReLU, ReLU6 or clip.</summary>
    public OutputRange Range { get; init; } = OutputRange.All;

    /// <inheritdoc/>
    public override string Attributes
        => $"{Window}, {OutChannels} channels{(Groups == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {Groups} groups"))}{ClampKernel.Suffix(Range)}";

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        Shape x = WindowArithmetic.Image(inputs);
        WindowArithmetic.Check(Window);
        if (OutChannels < 1) throw Mismatch($"{OutChannels} output channels: at least 1 is needed");
        if (Groups < 1 || x.C % Groups != 0 || OutChannels % Groups != 0)
            throw Mismatch($"{Groups} groups do not divide {x.C} input and {OutChannels} output channels");
        (int h, int w) = WindowArithmetic.Convolve(x, Window);
        var weight = new ParameterSpec("weight", [OutChannels, x.C / Groups, Window.KernelH, Window.KernelW], ParameterLayout.Filter);
        return new OpSpec([[x.N, OutChannels, h, w]], Bias ? [weight, new ParameterSpec("bias", [OutChannels])] : [weight]);
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
        => [new ConvolutionDispatch(t.Input, t.Parameters[0], Bias ? t.Parameters[1] : null, t.Output, Window, Groups, Range)];

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t)
        => ConvolutionGradients.Launches(
            t.Forward.Input, t.Forward.Parameters[0], t.Forward.Output, t.OutputGradient,
            t.InputGradient, t.ParameterGradients[0], Bias ? t.ParameterGradients[1] : null, Window, Groups, Range, t.OutputMasked);

    /// <inheritdoc/>
    public override GradientMasking Masking => GradientMasking.Whole;

    /// <inheritdoc/>
    public override bool IsHalved(int index) => index == 0;

    /// <inheritdoc/>
    public override long MultiplyAdds(ImmutableArray<Shape> inputs, ImmutableArray<Shape> outputs)
        => outputs[0].Count * Window.KernelH * Window.KernelW * (inputs[0].C / Groups);
}
