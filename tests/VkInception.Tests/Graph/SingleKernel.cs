using VkInception.Graph;

namespace VkInception.Tests.Graph;

/// <summary>A chooser that needs no device: every convolution is one launch.</summary>
internal sealed class SingleKernel : IKernelChooser
{
    public KernelChoice Choose(ConvolutionDispatch work)
    {
        ShaderDispatch launch = ShaderDispatch.Of("conv").Read("x", work.X).Read("w", work.W).Write("y", work.Y).Over(work.Y.Shape.Count);
        return new KernelChoice("conv", [launch], "the only one");
    }
}
