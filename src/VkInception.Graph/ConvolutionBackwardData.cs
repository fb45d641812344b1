using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>The gradient of a convolution's input, whose kernel the runtime chooses.</summary>
/// <remarks>
/// dx[n,i,h,w] (+)= Σ dy[n,o,p,q] · w[o,i,r,s] over all o of i's group and taps with p·stride + r·dilation − pad = h, and q, s alike.
/// Layouts as in <see cref="ConvolutionDispatch"/>; dy is the gradient before the clamp, already masked.
/// </remarks>
/// <param name="Dy">The gradient of the output.</param>
/// <param name="W">The filter.</param>
/// <param name="Dx">Where the gradient is wanted; with <see cref="Gradient.Clamped"/> it is masked by <paramref name="X"/>.</param>
/// <param name="X">The convolution's input.</param>
/// <param name="Window">Kernel, stride, dilation, padding.</param>
/// <param name="Groups">Groups of channels.</param>
public sealed record ConvolutionBackwardData(TensorView Dy, TensorView W, Gradient Dx, TensorView X, Window Window, int Groups) : Dispatch
{
    /// <summary>Further convolutions of the same input and window whose shares are added: those that an inception module begins with.</summary>
    public ImmutableArray<ConvolutionShare> Others { get; init; } = [];

    /// <summary>All shares, this convolution's first.</summary>
    public ImmutableArray<ConvolutionShare> Shares => [new(Dy, W), .. Others];

    /// <summary>Whether the gradient of a pixel depends on the output's of the same pixel alone.</summary>
    public bool IsPointwise
        => Groups == 1 && Window is { KernelH: 1, KernelW: 1, StrideH: 1, StrideW: 1, PadTop: 0, PadLeft: 0, PadBottom: 0, PadRight: 0 };

    /// <inheritdoc/>
    public override string Kernel => "conv2d_backward_data";

    /// <inheritdoc/>
    public override ImmutableArray<KernelTensor> Tensors =>
    [
        .. Shares.SelectMany<ConvolutionShare, KernelTensor>(s => [new("dy", s.Dy, Access.Read), new("w", s.W, Access.Read)]),
        .. Dx.Clamped.IsAll ? ImmutableArray<KernelTensor>.Empty : [new("x", X, Access.Read)],
        new("dx", Dx.View, Dx.Accumulate ? Access.ReadWrite : Access.Write),
    ];

    /// <summary>Multiply-adds of the whole batch.</summary>
    public long MultiplyAdds => Shares.Sum(s => s.Dy.Shape.Count) * Window.KernelH * Window.KernelW * (Dx.View.Shape.C / Groups);
}
