using VkInception.Graph;
using VkInception.Kernels;

namespace VkInception.DeviceTests.Convolution;

/// <summary>Chooses the gradients' kernels one after another, the next in each round.</summary>
internal sealed class EachKernel(ConvolutionKernels kernels) : IKernelChooser
{
    private int most;

    /// <summary>Counts from 0.</summary>
    public int Round { get; private set; }

    /// <summary>Goes to the next round; false when every kernel had its turn.</summary>
    public bool Advance() => ++Round < most;

    public KernelChoice Choose(ConvolutionDispatch work) => kernels.Choose(work);

    public KernelChoice Choose(ConvolutionBackwardData work) => Next(kernels.Candidates(work));

    public KernelChoice Choose(ConvolutionBackwardFilter work) => Next(kernels.Candidates(work));

    private KernelChoice Next(IReadOnlyList<KernelChoice> candidates)
    {
        most = Math.Max(most, candidates.Count);
        return candidates[Round % candidates.Count];
    }
}
