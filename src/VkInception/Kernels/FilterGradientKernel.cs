using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>One way to compute the gradient of a convolution's filter, and when it applies.</summary>
/// <remarks>The launches depend on the work and the device only: the same step gives the same bits.</remarks>
internal abstract class FilterGradientKernel
{
    /// <summary>The name, as <see cref="ConvolutionKernel.Name"/>; the tile is rows of the filter by vectors of output channels.</summary>
    public abstract string Name { get; }

    /// <summary>Whether its shader is compiled for doubles too.</summary>
    public virtual bool HasDouble => false;

    /// <summary>How many times larger rounding errors may be than a plain sum's in float.</summary>
    public virtual double ErrorGrowth => 1;

    /// <summary>Whether only a measurement (<see cref="VkInception.Tuning.KernelTuner"/>) or its name can choose it: faster on some devices, slower, dearer to compile or wrong on others, for reasons that no feature tells.</summary>
    public virtual bool IsMeasuredOnly { get; init; }

    /// <summary>Whether this kernel computes <paramref name="work"/> correctly.</summary>
    public abstract bool Applies(ConvolutionBackwardFilter work);

    /// <summary>An estimate of the time, in multiply-adds of one subgroup, to compare kernels by.</summary>
    public abstract double Cost(ConvolutionBackwardFilter work);

    /// <summary>What runs, in order; a workspace between launches is a new <see cref="Storage"/>.</summary>
    public abstract ImmutableArray<ShaderDispatch> Launches(ConvolutionBackwardFilter work);
}
