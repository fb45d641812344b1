using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>A kernel that computes the work at hand.</summary>
/// <param name="Name">The kernel's.</param>
/// <param name="Cost">An estimate of the time.</param>
/// <param name="Launches">What runs.</param>
internal sealed record KernelOption(string Name, Func<double> Cost, Func<ImmutableArray<ShaderDispatch>> Launches)
{
    /// <summary>The choice of this kernel.</summary>
    public KernelChoice Choice(string reason) => new(Name, Launches(), reason);
}
