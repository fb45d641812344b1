using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>A convolution (or a linear layer: one pixel per image) with bias and clamp, whose kernel the runtime chooses.</summary>
/// <remarks>
/// y[n,o,p,q] = clamp(b[o] + Σ x[n, i, p·stride + r·dilation − pad, …] · w[o, i, r, s]); x and y channels last (strided rows allowed),
/// w in <see cref="ParameterLayout.Filter"/> order: [r][s][i in group][o]. A linear layer passes rank-4 views N C 1 1.
/// </remarks>
public sealed record ConvolutionDispatch(TensorView X, TensorView W, TensorView? B, TensorView Y, Window Window, int Groups, OutputRange Range) : Dispatch
{
    /// <inheritdoc/>
    public override string Kernel => "conv2d_forward";

    /// <inheritdoc/>
    public override ImmutableArray<KernelTensor> Tensors => B is null
        ? [new("x", X, Access.Read), new("w", W, Access.Read), new("y", Y, Access.Write)]
        : [new("x", X, Access.Read), new("w", W, Access.Read), new("b", B, Access.Read), new("y", Y, Access.Write)];

    /// <summary>Multiply-adds of the whole batch.</summary>
    public long MultiplyAdds => Y.Shape.Count * Window.KernelH * Window.KernelW * (X.Shape.C / Groups);
}
