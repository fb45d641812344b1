using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>The gradient of a convolution's input, whose kernel the runtime chooses.</summary>
/// <remarks>
/// dx[n,i,h,w] (+)= Σ dy[n,o,p,q] · w[o,i,r,s] over all o of i's group and taps with p·stride + r·dilation − pad = h, and q, s alike.
/// Layouts as in <see cref="ConvolutionDispatch"/>; dy is the gradient before the clamp, already masked.
/// </remarks>
public sealed record ConvolutionBackwardData(TensorView Dy, TensorView W, Gradient Dx, Window Window, int Groups) : Dispatch
{
    /// <inheritdoc/>
    public override string Kernel => "conv2d_backward_data";

    /// <inheritdoc/>
    public override ImmutableArray<KernelTensor> Tensors =>
        [new("dy", Dy, Access.Read), new("w", W, Access.Read), new("dx", Dx.View, Dx.Accumulate ? Access.ReadWrite : Access.Write)];

    /// <summary>Multiply-adds of the whole batch.</summary>
    public long MultiplyAdds => Dy.Shape.Count * Window.KernelH * Window.KernelW * (Dx.View.Shape.C / Groups);
}
