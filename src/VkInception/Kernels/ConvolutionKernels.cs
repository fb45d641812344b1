using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>The convolution kernels that a device can run, and the choice among them.</summary>
public sealed class ConvolutionKernels : IKernelChooser
{
    private readonly KernelSet set;
    private readonly string? forced;
    private readonly bool exact;

    /// <summary>Chooses by an estimate of the time.</summary>
    /// <param name="device">The device's features and limits.</param>
    /// <param name="forced">The kernel to take wherever it applies, by its name or the first words of it (<c>broadcast2-14x8</c>, <c>broadcast2</c>); where it does not apply the plain one is taken. Null leaves the choice open.</param>
    /// <param name="exact">Whether the forward pass sums as if in twice the precision, several times slower: for gradients that are compared with a reference.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: no kernel of that name; the line lists all.</exception>
    public ConvolutionKernels(DeviceTraits device, string? forced = null, bool exact = false)
        : this(KernelSet.Of(device), forced, exact)
    {
    }

    internal ConvolutionKernels(KernelSet set, string? forced = null, bool exact = false)
    {
        this.set = set;
        this.forced = forced;
        this.exact = exact;
        if (forced is not null && !AllNames().Any(name => KernelNaming.StandsFor(forced, name)))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"no convolution kernel \"{forced}\"; there are: {string.Join(", ", Names)}; or the first words of one, such as \"{KernelNaming.Fallback}\"");
    }

    /// <summary>Every kernel by name. Gradients of the input are by the forward kernels.</summary>
    public IReadOnlyList<string> Names => set.Names;

    /// <summary>Every kernel that computes <paramref name="work"/>, each with its launches.</summary>
    public IReadOnlyList<KernelChoice> Candidates(ConvolutionDispatch work) => [.. Options(work).Select(o => o.Choice("candidate"))];

    /// <summary>Every kernel that computes <paramref name="work"/>, each with its launches.</summary>
    public IReadOnlyList<KernelChoice> Candidates(ConvolutionBackwardData work) => [.. Options(work).Select(o => o.Choice("candidate"))];

    /// <summary>Every kernel that computes <paramref name="work"/>, each with its launches.</summary>
    public IReadOnlyList<KernelChoice> Candidates(ConvolutionBackwardFilter work) => [.. Options(work).Select(o => o.Choice("candidate"))];

    /// <inheritdoc/>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for a tensor that 32-bit indices cannot reach.</exception>
    public KernelChoice Choose(ConvolutionDispatch work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return exact
            ? new KernelChoice(set.Exact.Name, set.Exact.Launches(ConvolutionWork.Of(work)), "exact sums asked for")
            : Choose(Options(work), [set.Exact.Name, .. set.Forward.Select(k => k.Name)]);
    }

    /// <inheritdoc/>
    /// <exception cref="VkInceptionException">As for the forward pass.</exception>
    public KernelChoice Choose(ConvolutionBackwardData work) => Choose(Options(work), set.Forward.Select(DataGradient.NameOf));

    /// <inheritdoc/>
    /// <exception cref="VkInceptionException">As for the forward pass.</exception>
    public KernelChoice Choose(ConvolutionBackwardFilter work) => Choose(Options(work), set.Filter.Select(k => k.Name));

    private KernelChoice Choose(ImmutableArray<KernelOption> options, IEnumerable<string> kinds)
    {
        // A name that no kernel of this kind of work bears leaves its choice open.
        if (forced is null || !kinds.Any(name => KernelNaming.StandsFor(forced, name)))
            return options.MinBy(o => o.Cost())!.Choice($"least estimated cost of {options.Length}");
        return options.Where(o => KernelNaming.StandsFor(forced, o.Name)).MinBy(o => o.Cost())?.Choice("asked for")
            ?? options.Where(o => KernelNaming.StandsFor(KernelNaming.Fallback, o.Name)).MinBy(o => o.Cost())!.Choice($"{forced} does not apply here");
    }

    private ImmutableArray<KernelOption> Options(ConvolutionDispatch dispatch)
    {
        ArgumentNullException.ThrowIfNull(dispatch);
        Check(("x", dispatch.X), ("w", dispatch.W), ("y", dispatch.Y));
        var work = ConvolutionWork.Of(dispatch);
        // The exact one is never the fastest; by its name it can be had.
        IEnumerable<ConvolutionKernel> offered = forced is not null && KernelNaming.StandsFor(forced, set.Exact.Name) ? [set.Exact] : set.Forward;
        return [.. offered.Where(k => k.Applies(work)).Select(k => new KernelOption(k.Name, () => k.Cost(work), () => k.Launches(work)))];
    }

    private ImmutableArray<KernelOption> Options(ConvolutionBackwardData work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Check(("dy", work.Dy), ("w", work.W), ("dx", work.Dx.View));
        return [.. set.Forward.Where(k => set.Data.Applies(k, work))
            .Select(k => new KernelOption(DataGradient.NameOf(k), () => set.Data.Cost(k, work), () => set.Data.Launches(k, work)))];
    }

    private ImmutableArray<KernelOption> Options(ConvolutionBackwardFilter work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Check(("x", work.X), ("dy", work.Dy), ("dw", work.Dw.View));
        return [.. set.Filter.Where(k => k.Applies(work)).Select(k => new KernelOption(k.Name, () => k.Cost(work), () => k.Launches(work)))];
    }

    private IEnumerable<string> AllNames() => [.. set.Names, .. set.Forward.Select(DataGradient.NameOf)];

    private static void Check(params ReadOnlySpan<(string Name, TensorView View)> tensors)
    {
        foreach ((string name, TensorView view) in tensors)
            if (view.Extent > int.MaxValue)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"tensor {name} of a convolution, {view.Shape}, spans {view.Extent} elements; kernels reach {int.MaxValue}: use a smaller batch");
    }
}
