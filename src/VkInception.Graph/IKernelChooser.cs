namespace VkInception.Graph;

/// <summary>Chooses the launches for work that has several kernels. The runtime's knows the device; the plan needs only this.</summary>
public interface IKernelChooser
{
    /// <summary>The launches that compute <paramref name="work"/>; workspace blocks are new <see cref="Storage"/> objects that the planner places.</summary>
    KernelChoice Choose(ConvolutionDispatch work);

    /// <summary>The launches that compute the gradient of a convolution's input.</summary>
    KernelChoice Choose(ConvolutionBackwardData work);

    /// <summary>The launches that compute the gradient of a convolution's filter.</summary>
    KernelChoice Choose(ConvolutionBackwardFilter work);
}
