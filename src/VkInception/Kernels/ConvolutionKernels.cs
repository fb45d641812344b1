using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>The convolution kernels that a device can run, and the choice among them.</summary>
/// <param name="device">The device's features and limits.</param>
/// <param name="forced">The name of the kernel to take wherever it applies; null leaves the choice to the heuristic.</param>
/// <param name="exact">Whether the forward pass sums as if in twice the precision, several times slower: for gradients that are compared with a reference.</param>
public sealed class ConvolutionKernels(DeviceTraits device, string? forced = null, bool exact = false) : IKernelChooser
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
        new BroadcastConvolution(device, 14, 6, wide: true),
        new BroadcastConvolution(device, 14, 4, wide: true),
        new BroadcastConvolution(device, 14, 2, wide: true),
        new BroadcastConvolution(device, 7, 2, wide: true),
        new BroadcastConvolution(device, 1, 4, wide: true),
    ];

    private readonly PlainConvolution exactKernel = new(device, 4, exact: true);

    private readonly ImmutableArray<FilterGradientKernel> filterKernels =
    [
        new PlainFilterGradient(device, 8),
        new PlainFilterGradient(device, 1),
        new BroadcastFilterGradient(device, 16, 4),
        new BroadcastFilterGradient(device, 8, 1),
        new BroadcastFilterGradient(device, 24, 4, joined: true),
        new BroadcastFilterGradient(device, 24, 8, joined: true),
        new BroadcastFilterGradient(device, 8, 2, joined: true),
        new BroadcastFilterGradient(device, 16, 8, wide: true),
        new BroadcastFilterGradient(device, 16, 4, wide: true),
        new BroadcastFilterGradient(device, 16, 2, wide: true),
        new BroadcastFilterGradient(device, 16, 8, wide: true, joined: true),
    ];

    private readonly DataGradient dataGradient = new(device);

    /// <summary>Every kernel of this device by name.</summary>
    public IReadOnlyList<string> Names => [exactKernel.Name, .. kernels.Select(k => k.Name), .. kernels.Select(DataGradient.NameOf), .. filterKernels.Select(k => k.Name)];

    /// <summary>Every kernel that computes <paramref name="work"/>, each with its launch.</summary>
    public IReadOnlyList<KernelChoice> Candidates(ConvolutionDispatch work) => [.. Options(work).Select(o => o.Choice("candidate"))];

    /// <summary>Every kernel that computes <paramref name="work"/>, each with its launches.</summary>
    public IReadOnlyList<KernelChoice> Candidates(ConvolutionBackwardData work) => [.. Options(work).Select(o => o.Choice("candidate"))];

    /// <summary>Every kernel that computes <paramref name="work"/>, each with its launches.</summary>
    public IReadOnlyList<KernelChoice> Candidates(ConvolutionBackwardFilter work) => [.. Options(work).Select(o => o.Choice("candidate"))];

    /// <inheritdoc/>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for a tensor that 32-bit indices cannot reach, or a forced kernel that is unknown.</exception>
    public KernelChoice Choose(ConvolutionDispatch work) => exact
        ? new KernelChoice(exactKernel.Name, [exactKernel.Launch(ConvolutionWork.Of(work))], "exact sums asked for")
        : Choose(Options(work));

    /// <inheritdoc/>
    /// <exception cref="VkInceptionException">As for the forward pass.</exception>
    public KernelChoice Choose(ConvolutionBackwardData work) => Choose(Options(work));

    /// <inheritdoc/>
    /// <exception cref="VkInceptionException">As for the forward pass.</exception>
    public KernelChoice Choose(ConvolutionBackwardFilter work) => Choose(Options(work));

    private KernelChoice Choose(ImmutableArray<Option> options)
    {
        if (forced is null) return options.MinBy(o => o.Cost())!.Choice($"least estimated cost of {options.Length}");
        if (!Names.Contains(forced))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"no convolution kernel \"{forced}\" on this device; there are: {string.Join(", ", Names)}");
        return options.FirstOrDefault(o => o.Name == forced)?.Choice("asked for") ?? options[0].Choice($"{forced} does not apply here");
    }

    private ImmutableArray<Option> Options(ConvolutionDispatch dispatch)
    {
        ArgumentNullException.ThrowIfNull(dispatch);
        Check(("x", dispatch.X), ("w", dispatch.W), ("y", dispatch.Y));
        var work = ConvolutionWork.Of(dispatch);
        // The exact one is never the fastest; by its name it can be had.
        IEnumerable<ConvolutionKernel> offered = forced == exactKernel.Name ? [exactKernel] : kernels;
        return [.. offered.Where(k => k.Applies(work)).Select(k => new Option(k.Name, () => k.Cost(work), () => [k.Launch(work)]))];
    }

    private ImmutableArray<Option> Options(ConvolutionBackwardData work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Check(("dy", work.Dy), ("w", work.W), ("dx", work.Dx.View));
        return [.. kernels.Where(k => dataGradient.Applies(k, work))
            .Select(k => new Option(DataGradient.NameOf(k), () => dataGradient.Cost(k, work), () => dataGradient.Launches(k, work)))];
    }

    private ImmutableArray<Option> Options(ConvolutionBackwardFilter work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Check(("x", work.X), ("dy", work.Dy), ("dw", work.Dw.View));
        return [.. filterKernels.Where(k => k.Applies(work)).Select(k => new Option(k.Name, () => k.Cost(work), () => k.Launches(work)))];
    }

    private static void Check(params ReadOnlySpan<(string Name, TensorView View)> tensors)
    {
        foreach ((string name, TensorView view) in tensors)
            if (view.Extent > int.MaxValue)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"tensor {name} of a convolution, {view.Shape}, spans {view.Extent} elements; kernels reach {int.MaxValue}: use a smaller batch");
    }

    /// <summary>A kernel that computes the work at hand.</summary>
    private sealed record Option(string Name, Func<double> Cost, Func<ImmutableArray<ShaderDispatch>> Launches)
    {
        public KernelChoice Choice(string reason) => new(Name, Launches(), reason);
    }
}
