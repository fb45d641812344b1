using VkInception.Graph;
using VkInception.Kernels;

namespace VkInception.DeviceTests.Convolution;

/// <summary>Chooses any kernel that computes the work.</summary>
internal sealed class ChanceKernel(ConvolutionKernels kernels, Random random) : IKernelChooser
{
    public KernelChoice Choose(ConvolutionDispatch work) => kernels.Choose(work);

    public KernelChoice Choose(ConvolutionBackwardData work) => Any(kernels.Candidates(work));

    public KernelChoice Choose(ConvolutionBackwardFilter work) => Any(kernels.Candidates(work));

    private KernelChoice Any(IReadOnlyList<KernelChoice> candidates) => candidates[random.Next(candidates.Count)];
}
