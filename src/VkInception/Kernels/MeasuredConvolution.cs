using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>A kernel that only a measurement, or its name, can choose: faster on some devices, and dearer to compile or slower on others, for reasons that no feature tells.</summary>
internal sealed class MeasuredConvolution(ConvolutionKernel kernel) : ConvolutionKernel
{
    /// <inheritdoc/>
    public override string Name => kernel.Name;

    /// <inheritdoc/>
    public override double ErrorGrowth => kernel.ErrorGrowth;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionWork work) => kernel.Applies(work);

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work) => kernel.Launches(work);

    /// <summary>No estimate takes it.</summary>
    public override double Cost(ConvolutionWork work) => double.PositiveInfinity;
}
