using System.Collections.Immutable;

namespace VkInception.Kernels;

/// <summary>Every convolution kernel there is: the one place where they are listed.</summary>
/// <remarks>
/// To add one: derive from <see cref="ConvolutionKernel"/> (or <see cref="FilterGradientKernel"/>), say in Applies what it needs of the
/// device and the shape, and add it here. Names, <c>--kernel</c>, the tuner, the data gradient and the tests over all kernels follow.
/// A kernel that no feature recommends is <see cref="ConvolutionKernel.IsMeasuredOnly"/>: the tuner tries it, the estimate does not take it.
/// The first of each list computes anything on any device: it is the fallback, and what the tuner holds the others against.
/// </remarks>
/// <param name="Forward">For forward passes and, turned round, for gradients of the input.</param>
/// <param name="Filter">For gradients of the filter.</param>
/// <param name="Exact">The forward kernel that sums as if in twice the precision; had by its name or by asking for exact sums only.</param>
/// <param name="Data">The gradient of the input by a forward kernel.</param>
internal sealed record KernelSet(ImmutableArray<ConvolutionKernel> Forward, ImmutableArray<FilterGradientKernel> Filter, ConvolutionKernel Exact, DataGradient Data)
{
    /// <summary>The kernels for a device. Few, since each is a pipeline to compile: large tiles for speed, small ones for small layers and wide subgroups, one pixel for linear layers.</summary>
    public static KernelSet Of(DeviceTraits device) => new(
        [
            new PlainConvolution(device, 7),
            new PlainConvolution(device, 1),
            new UniformConvolution(device, 14, 4),
            new UniformConvolution(device, 7, 2),
            new QuadsConvolution(device, 4) { IsCommon = device.CompilesAsWritten },
            new QuadsConvolution(device, 8) { IsCommon = device.CompilesAsWritten },
            new QuadsConvolution(device, 8, joined: true),
            new BroadcastConvolution(device, 14, 4),
            new BroadcastConvolution(device, 7, 1),
            new BroadcastConvolution(device, 1, 2),
            new RowsConvolution(device, 28, 8) { IsCommon = true },
            new RowsConvolution(device, 28, 4),
            new BroadcastConvolution(device, 28, 8, joined: true),
            new BroadcastConvolution(device, 14, 8, joined: true),
            new BroadcastConvolution(device, 7, 2, joined: true),
            // So many sums stay in no GPU's registers.
            new BroadcastConvolution(device, 28, 8, wide: true) { IsCommon = true, IsMeasuredOnly = !device.IsProcessor },
            new BroadcastConvolution(device, 28, 4, wide: true) { IsCommon = true },
            new BroadcastConvolution(device, 14, 8, wide: true),
            new BroadcastConvolution(device, 14, 6, wide: true),
            new BroadcastConvolution(device, 14, 4, wide: true),
            new BroadcastConvolution(device, 14, 2, wide: true),
            new BroadcastConvolution(device, 7, 2, wide: true),
            new BroadcastConvolution(device, 1, 4, wide: true) { IsCommon = true },
            new PointwiseConvolution(device, 28, 8) { IsMeasuredOnly = !device.IsProcessor },
            new PointwiseConvolution(device, 14, 8),
            new PointwiseConvolution(device, 14, 4),
            new PointwiseConvolution(device, 8, 8),
            new SplitConvolution(device, new BroadcastConvolution(device, 14, 2, wide: true), 4),
            new SplitConvolution(device, new BroadcastConvolution(device, 7, 2, wide: true), 16),
            new SplitConvolution(device, new BroadcastConvolution(device, 1, 4, wide: true), 16),
            new WinogradConvolution(device, 4, 28, 8) { IsCommon = true },
            new WinogradConvolution(device, 4, 16, 8) { IsCommon = true },
            new WinogradConvolution(device, 4, 4, 8),
            new WinogradConvolution(device, 4, 32, 4),
            new WinogradConvolution(device, 2, 28, 8) { IsCommon = true },
            new WinogradConvolution(device, 2, 16, 8) { IsCommon = true },
            new CoopmatConvolution(device, new MatrixTile(device, 128, 128, 2, 2)),
            new CoopmatConvolution(device, new MatrixTile(device, 64, 64, 2, 2)),
            new CoopmatConvolution(device, new MatrixTile(device, 32, 32, 1, 1)),
            new CoopmatConvolution(device, new MatrixTile(device, 16, 16, 1, 1)),
        ],
        [
            new PlainFilterGradient(device, 8),
            new PlainFilterGradient(device, 1),
            new BroadcastFilterGradient(device, 16, 4),
            new BroadcastFilterGradient(device, 8, 1),
            new RowsFilterGradient(device, 4, 8),
            new RowsFilterGradient(device, 4, 4),
            new BroadcastFilterGradient(device, 24, 4, joined: true),
            new BroadcastFilterGradient(device, 24, 8, joined: true),
            new BroadcastFilterGradient(device, 8, 2, joined: true),
            // As with 28 by 8: so many sums stay in no GPU's registers.
            new BroadcastFilterGradient(device, 32, 8, wide: true) { IsMeasuredOnly = !device.IsProcessor },
            new BroadcastFilterGradient(device, 32, 4, wide: true) { IsMeasuredOnly = !device.IsProcessor },
            new BroadcastFilterGradient(device, 16, 8, wide: true),
            new BroadcastFilterGradient(device, 16, 4, wide: true),
            new BroadcastFilterGradient(device, 16, 2, wide: true),
            new BroadcastFilterGradient(device, 16, 8, wide: true, joined: true),
            new WinogradFilterGradient(device, 4, 32, 8),
            new WinogradFilterGradient(device, 4, 16, 8),
            new WinogradFilterGradient(device, 4, 32, 4),
            new WinogradFilterGradient(device, 2, 16, 8),
            new CoopmatFilterGradient(device, new MatrixTile(device, 128, 128, 2, 2)),
            new CoopmatFilterGradient(device, new MatrixTile(device, 64, 64, 2, 2)),
            new CoopmatFilterGradient(device, new MatrixTile(device, 32, 32, 1, 1)),
            new CoopmatFilterGradient(device, new MatrixTile(device, 16, 16, 1, 1)),
        ],
        new PlainConvolution(device, 4, exact: true),
        new DataGradient(device))
    {
        // lavapipe makes a tile anew at every start, in some 20 ms: 0.2 ms of each of a hundred runs, and so many multiply-adds. Drivers of GPUs keep what they made.
        Setup = device.IsProcessor ? 300_000 : 0,
    };

    /// <summary>What a forward kernel that is not <see cref="ConvolutionKernel.IsCommon"/> costs beyond its runs, as a share of each, in multiply-adds of one subgroup.</summary>
    public double Setup { get; init; }

    /// <summary>The names of all kernels, as <c>--kernel</c> takes them.</summary>
    public IReadOnlyList<string> Names => [.. Forward.Select(k => k.Name), Exact.Name, .. Filter.Select(k => k.Name)];
}
