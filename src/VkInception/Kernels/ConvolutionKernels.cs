using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>The convolution kernels that a device can run, and the choice among them.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="forced">The name of the kernel to take wherever it applies; null leaves the choice to the heuristic.</param>
public sealed class ConvolutionKernels(DeviceTraits device, string? forced = null) : IKernelChooser
{
    /// <summary>Few, since each is a pipeline to compile: large tiles for speed, small ones for small layers and wide subgroups, one pixel for linear layers.</summary>
    private readonly ImmutableArray<ConvolutionKernel> kernels =
    [
        new PlainConvolution(device, 7),
        new PlainConvolution(device, 1),
        new UniformConvolution(device, 14, 4),
        new UniformConvolution(device, 7, 2),
        new BroadcastConvolution(device, 14, 4),
        new BroadcastConvolution(device, 7, 1),
        new BroadcastConvolution(device, 1, 2),
        new BroadcastConvolution(device, 14, 8, joined: true),
        new BroadcastConvolution(device, 7, 2, joined: true),
        new BroadcastConvolution(device, 14, 8, wide: true),
        new BroadcastConvolution(device, 14, 4, wide: true),
        new BroadcastConvolution(device, 14, 2, wide: true),
        new BroadcastConvolution(device, 7, 2, wide: true),
        new BroadcastConvolution(device, 1, 4, wide: true),
    ];

    /// <summary>Every kernel of this device by name.</summary>
    public IReadOnlyList<string> Names => [.. kernels.Select(k => k.Name)];

    /// <summary>Every kernel that computes <paramref name="work"/>, each with its launch.</summary>
    public IReadOnlyList<KernelChoice> Candidates(ConvolutionDispatch work)
    {
        Check(work);
        return [.. kernels.Where(k => k.Applies(work)).Select(k => Choice(k, work, "candidate"))];
    }

    /// <inheritdoc/>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for a tensor that 32-bit indices cannot reach, or a forced kernel that is unknown.</exception>
    public KernelChoice Choose(ConvolutionDispatch work)
    {
        Check(work);
        if (forced is null)
        {
            ConvolutionKernel[] applicable = [.. kernels.Where(k => k.Applies(work))];
            return Choice(applicable.MinBy(k => k.Cost(work))!, work, $"least estimated cost of {applicable.Length}");
        }
        ConvolutionKernel wanted = kernels.FirstOrDefault(k => k.Name == forced)
            ?? throw new VkInceptionException(ErrorCode.InvalidArgument, $"no convolution kernel \"{forced}\" on this device; there are: {string.Join(", ", Names)}");
        return wanted.Applies(work) ? Choice(wanted, work, "asked for") : Choice(kernels[0], work, $"{forced} does not apply here");
    }

    /// <inheritdoc/>
    public KernelChoice Choose(ConvolutionBackwardData work) => throw new VkInceptionException(ErrorCode.UnsupportedOperator, "no kernel");

    /// <inheritdoc/>
    public KernelChoice Choose(ConvolutionBackwardFilter work) => throw new VkInceptionException(ErrorCode.UnsupportedOperator, "no kernel");

    private static KernelChoice Choice(ConvolutionKernel kernel, ConvolutionDispatch work, string reason)
        => new(kernel.Name, [kernel.Launch(work)], reason);

    private static void Check(ConvolutionDispatch work)
    {
        ArgumentNullException.ThrowIfNull(work);
        foreach ((string name, TensorView view) in new[] { ("x", work.X), ("w", work.W), ("y", work.Y) })
            if (view.Extent > int.MaxValue)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"tensor {name} of a convolution, {view.Shape}, spans {view.Extent} elements; kernels reach {int.MaxValue}: use a smaller batch");
    }
}
