using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>The gradient of a convolution's filter, whose kernel the runtime chooses.</summary>
/// <remarks>
/// dw[o,i,r,s] (+)= Σ over n, p, q of dy[n,o,p,q] · x[n, i, p·stride + r·dilation − pad, …], summed in a fixed order.
/// dw lies in <see cref="ParameterLayout.Filter"/> order; dy is the gradient before the clamp, already masked.
/// </remarks>
public sealed record ConvolutionBackwardFilter(TensorView X, TensorView Dy, Gradient Dw, Window Window, int Groups) : Dispatch
{
    /// <inheritdoc/>
    public override string Kernel => "conv2d_backward_filter";

    /// <inheritdoc/>
    public override ImmutableArray<KernelTensor> Tensors =>
        [new("x", X, Access.Read), new("dy", Dy, Access.Read), new("dw", Dw.View, Dw.Accumulate ? Access.ReadWrite : Access.Write)];

    /// <summary>Multiply-adds of the whole batch.</summary>
    public long MultiplyAdds => Dy.Shape.Count * Window.KernelH * Window.KernelW * (X.Shape.C / Groups);
}
