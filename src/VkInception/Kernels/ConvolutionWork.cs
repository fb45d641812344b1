using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>What the forward kernels compute: a convolution, or a part of the data gradient in the form of one.</summary>
/// <remarks>
/// As <see cref="ConvolutionDispatch"/>; Output is the shape of what is computed: Y's, or that of one phase of it. Padding may be
/// negative, and a kernel without taps gives zeros.
/// </remarks>
internal sealed record ConvolutionWork(TensorView X, TensorView W, TensorView? B, TensorView Y, Shape Output, Window Window, int Groups, OutputRange Range)
{
    /// <summary>Whether the result is added to what is in Y.</summary>
    public bool Accumulate { get; init; }

    /// <summary>Further inputs of the same pixels, whose filters follow in W: all products are added. For kernels that take as many (<see cref="ConvolutionKernel.MostInputs"/>).</summary>
    public ImmutableArray<TensorView> Others { get; init; } = [];

    /// <summary>What masks the result, the last thing that happens to it. For kernels that mask (<see cref="ConvolutionKernel.Masks"/>).</summary>
    public ClampedTensor? Mask { get; init; }

    /// <summary>The pixels of Y that are computed.</summary>
    public PixelPhase Phase { get; init; } = PixelPhase.All;

    /// <summary>Output pixels of the whole batch.</summary>
    public long Pixels => Output.Count / Output.C;

    /// <summary>Multiply-adds behind one output element.</summary>
    public long Depth => (long)Window.KernelH * Window.KernelW * ((X.Shape.C + Others.Sum(o => (long)o.Shape.C)) / Groups);

    /// <summary>Multiply-adds of the whole batch.</summary>
    public long MultiplyAdds => Output.Count * Depth;

    /// <summary>A forward convolution.</summary>
    public static ConvolutionWork Of(ConvolutionDispatch work)
        => new(work.X, work.W, work.B, work.Y, work.Y.Shape, work.Window, work.Groups, work.Range);
}
