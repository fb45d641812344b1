using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>A kernel that computes the work at hand.</summary>
/// <param name="Name">The kernel's.</param>
/// <param name="Cost">An estimate of the time.</param>
/// <param name="ErrorGrowth">How many times larger rounding errors may be than a plain sum's in float.</param>
/// <param name="Make">Makes the launches.</param>
internal sealed record KernelOption(string Name, double Cost, double ErrorGrowth, Func<ImmutableArray<ShaderDispatch>> Make)
{
    /// <summary>Whether only a measurement on the device chooses it.</summary>
    public bool IsMeasuredOnly { get; init; }

    /// <summary>The option of least estimated cost among those that an estimate may choose; the plain kernel is always one of them.</summary>
    public static KernelOption Estimate(IEnumerable<KernelOption> options) => options.Where(o => !o.IsMeasuredOnly).MinBy(o => o.Cost)!;

    /// <summary>The choice of this kernel.</summary>
    public KernelChoice Choice(string reason, KernelSelection? selection = null) => new(Name, Make(), reason) { Selection = selection };
}
