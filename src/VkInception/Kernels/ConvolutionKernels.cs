using System.Collections.Immutable;
using System.Globalization;
using VkInception.Graph;
using VkInception.Tuning;
using VkInception.Vulkan;

namespace VkInception.Kernels;

/// <summary>The convolution kernels that a device can run, and the choice among them: asked for by name, measured before, or estimated. Thread-safe.</summary>
public sealed class ConvolutionKernels : IKernelChooser
{
    private readonly string? forced;
    private readonly bool exact;
    private readonly IReadOnlyDictionary<string, TunedKernel> tuned;

    /// <summary>Chooses by an estimate of the time.</summary>
    /// <param name="device">The device's features and limits.</param>
    /// <param name="forced">The kernel to take wherever it applies, by its name or the first words of it (<c>broadcast2-14x8</c>, <c>broadcast2</c>); where it does not apply the plain one is taken. Null leaves the choice open.</param>
    /// <param name="exact">Whether the forward pass sums as if in twice the precision, several times slower: for gradients that are compared with a reference.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: no kernel of that name; the line lists all.</exception>
    public ConvolutionKernels(DeviceTraits device, string? forced = null, bool exact = false)
        : this(KernelSet.Of(device), forced, exact)
    {
    }

    internal ConvolutionKernels(KernelSet set, string? forced = null, bool exact = false, IReadOnlyDictionary<string, TunedKernel>? tuned = null)
    {
        Set = set;
        this.forced = forced;
        this.exact = exact;
        this.tuned = tuned ?? ImmutableDictionary<string, TunedKernel>.Empty;
        if (forced is not null && !AllNames().Any(name => KernelNaming.StandsFor(forced, name)))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"no convolution kernel \"{forced}\"; there are: {string.Join(", ", Names)}; or the first words of one, such as \"{KernelNaming.Fallback}\"");
    }

    /// <summary>Chooses what was measured on the device (<see cref="KernelTuner"/>), where it was, and else by an estimate.</summary>
    /// <param name="device">The device; where its caches are not kept on disk, nothing is known of it.</param>
    /// <param name="forced">As for the constructor.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: no kernel of that name; the line lists all.</exception>
    public static ConvolutionKernels Tuned(GpuDevice device, string? forced = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        var set = KernelSet.Of(DeviceTraits.Of(device.Info));
        TuningFile? file = TuningFile.IsLikely(device) ? TuningFile.Of(device, set) : null;
        string? problem = null;
        return new ConvolutionKernels(set, forced, tuned: file?.Read(out problem)) { TuningProblem = problem };
    }

    /// <summary>Every kernel by name. Gradients of the input are by the forward kernels.</summary>
    public IReadOnlyList<string> Names => Set.Names;

    /// <summary>Pieces of work for which a measurement is known.</summary>
    public int TunedWorks => tuned.Count;

    /// <summary>Null, or why the file of measurements was ignored; never an error, only slower kernels.</summary>
    public string? TuningProblem { get; private init; }

    internal KernelSet Set { get; }

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
        return exact && !IsDouble(work.X)
            ? new KernelChoice(Set.Exact.Name, Set.Exact.Launches(ConvolutionWork.Of(work)), "exact sums asked for") { Selection = new KernelSelection(KernelOrigin.Forced) }
            : Choose(work, [Set.Exact.Name, .. Set.Forward.Select(k => k.Name)]);
    }

    /// <inheritdoc/>
    /// <exception cref="VkInceptionException">As for the forward pass.</exception>
    public KernelChoice Choose(ConvolutionBackwardData work) => Choose(work, Set.Forward.Select(DataGradient.NameOf));

    /// <inheritdoc/>
    /// <exception cref="VkInceptionException">As for the forward pass.</exception>
    public KernelChoice Choose(ConvolutionBackwardFilter work) => Choose(work, Set.Filter.Select(k => k.Name));

    /// <summary>Every kernel that computes a convolution or a gradient of one, the one that computes anything first.</summary>
    internal ImmutableArray<KernelOption> Options(Dispatch work) => work switch
    {
        ConvolutionDispatch forward => Options(forward),
        ConvolutionBackwardData data => Options(data),
        ConvolutionBackwardFilter filter => Options(filter),
        _ => throw new VkInceptionException(ErrorCode.InvalidArgument, $"{work.Kernel} has one kernel only"),
    };

    private KernelChoice Choose(Dispatch work, IEnumerable<string> kinds)
    {
        ImmutableArray<KernelOption> options = Options(work);
        // A name that no kernel of this kind of work bears leaves its choice open.
        return forced is null || !kinds.Any(name => KernelNaming.StandsFor(forced, name)) ? Best(work, options) : Forced(forced, options);
    }

    private static KernelChoice Forced(string name, ImmutableArray<KernelOption> options)
    {
        var selection = new KernelSelection(KernelOrigin.Forced);
        return options.Where(o => KernelNaming.StandsFor(name, o.Name)).OrderBy(o => o.IsMeasuredOnly).ThenBy(o => o.Cost).FirstOrDefault()?.Choice("asked for", selection)
            ?? options.Where(o => KernelNaming.StandsFor(KernelNaming.Fallback, o.Name)).MinBy(o => o.Cost)!.Choice($"{name} does not apply here", selection);
    }

    private KernelChoice Best(Dispatch work, ImmutableArray<KernelOption> options)
    {
        // A measured kernel that does not apply was measured by another version, or the file was made by hand.
        if (tuned.TryGetValue(WorkKey.Of(work), out TunedKernel? known) && options.FirstOrDefault(o => o.Name == known.Kernel) is { } measured)
            return measured.Choice(known.Describe(), known.Selection);
        KernelOption[] byCost = [.. options.Where(o => !o.IsMeasuredOnly).OrderBy(o => o.Cost)];
        string margin = byCost.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $", {byCost[1].Cost / byCost[0].Cost:F2} times below {byCost[1].Name}") : "";
        return byCost[0].Choice($"least estimated cost of {byCost.Length}{margin}", new KernelSelection(KernelOrigin.Heuristic));
    }

    private ImmutableArray<KernelOption> Options(ConvolutionDispatch dispatch)
    {
        ArgumentNullException.ThrowIfNull(dispatch);
        Check(("x", dispatch.X), ("w", dispatch.W), ("y", dispatch.Y));
        var work = ConvolutionWork.Of(dispatch);
        // The exact one is never the fastest; by its name it can be had.
        IEnumerable<ConvolutionKernel> offered = forced is not null && KernelNaming.StandsFor(forced, Set.Exact.Name) && !IsDouble(work.X) ? [Set.Exact] : Set.Forward;
        return [.. offered.Where(k => (k.HasDouble || !IsDouble(work.X)) && k.Applies(work)).Select(k => new KernelOption(k.Name, k.Cost(work) + (k.IsCommon ? 0 : Set.Setup), k.ErrorGrowth, () => k.Launches(work)) { IsMeasuredOnly = k.IsMeasuredOnly })];
    }

    private ImmutableArray<KernelOption> Options(ConvolutionBackwardData work)
    {
        ArgumentNullException.ThrowIfNull(work);
        foreach (ConvolutionShare share in work.Shares) Check(("dy", share.Dy), ("w", share.W), ("dx", work.Dx.View));
        return [.. Set.Forward.Where(k => (k.HasDouble || !IsDouble(work.Dy)) && Set.Data.Applies(k, work))
            .Select(k => new KernelOption(DataGradient.NameOf(k), Set.Data.Cost(k, work), k.ErrorGrowth, () => Set.Data.Launches(k, work)) { IsMeasuredOnly = k.IsMeasuredOnly })];
    }

    private ImmutableArray<KernelOption> Options(ConvolutionBackwardFilter work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Check(("x", work.X), ("dy", work.Dy), ("dw", work.Dw.View));
        return [.. Set.Filter.Where(k => (k.HasDouble || !IsDouble(work.X)) && k.Applies(work)).Select(k => new KernelOption(k.Name, k.Cost(work), k.ErrorGrowth, () => k.Launches(work)) { IsMeasuredOnly = k.IsMeasuredOnly })];
    }

    private IEnumerable<string> AllNames() => [.. Set.Names, .. Set.Forward.Select(DataGradient.NameOf)];

    private static bool IsDouble(TensorView view) => view.Type == ElementType.Float64;

    private static void Check(params ReadOnlySpan<(string Name, TensorView View)> tensors)
    {
        foreach ((string name, TensorView view) in tensors)
            if (view.Extent > int.MaxValue)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"tensor {name} of a convolution, {view.Shape}, spans {view.Extent} elements; kernels reach {int.MaxValue}: use a smaller batch");
    }
}
