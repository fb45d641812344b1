using VkInception.Graph;

namespace VkInception.Tests.Graph;

/// <summary>A chooser that needs no device: every piece of work is one launch.</summary>
internal sealed class SingleKernel : IKernelChooser
{
    public KernelChoice Choose(ConvolutionDispatch work)
        => Only(ShaderDispatch.Of("conv").Read("x", work.X).Read("w", work.W).Write("y", work.Y).Over(work.Y.Shape.Count));

    public KernelChoice Choose(ConvolutionBackwardData work)
    {
        ShaderDispatch launch = ShaderDispatch.Of("conv_data");
        foreach (KernelTensor read in work.Tensors[..^1]) launch = launch.Read(read.Name, read.View);
        return Only(launch.Gradient("dx", work.Dx).Over(work.Dx.View.Shape.Count));
    }

    public KernelChoice Choose(ConvolutionBackwardFilter work)
        => Only(ShaderDispatch.Of("conv_filter").Read("x", work.X).Read("dy", work.Dy).Gradient("dw", work.Dw).Over(work.Dw.View.Shape.Count));

    private static KernelChoice Only(ShaderDispatch launch) => new(launch.Kernel, [launch], "the only one");
}
