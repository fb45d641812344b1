using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>A convolution in slices of its sum, each by another kernel, and a launch that adds them: for layers of so few outputs (7×7 pixels, linear layers of one image) that their tiles leave most of a device idle.</summary>
/// <remarks>A pointwise window is sliced by input channels, another by rows of its kernel. Partial sums lie in memory as floats, so half storage takes other kernels.</remarks>
/// <param name="device">The device's features and limits.</param>
/// <param name="inner">The kernel of a slice.</param>
/// <param name="slices">The most slices.</param>
internal sealed class SplitConvolution(DeviceTraits device, TiledConvolution inner, int slices) : ConvolutionKernel
{
    /// <summary>Channels below which a slice costs more than it does.</summary>
    private const int LeastChannels = 16;

    /// <inheritdoc/>
    public override string Name => $"split{slices}-{inner.Name}";

    /// <inheritdoc/>
    /// <remarks>What an idle device gains was not measured on one.</remarks>
    public override bool IsMeasuredOnly => true;

    /// <inheritdoc/>
    public override bool Applies(ConvolutionWork work)
        => work.X.Type == ElementType.Float32 && work.Phase == PixelPhase.All && work.Groups == 1
            && inner.Workgroups(work) < Tiling.Resident(device) && Slices(work) is { Count: > 1 } parts
            && parts.Count * work.Output.Count <= int.MaxValue && parts.All(inner.Applies);

    /// <inheritdoc/>
    public override ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work)
    {
        IReadOnlyList<ConvolutionWork> parts = Slices(work);
        return [.. parts.SelectMany(p => inner.Launches(p)), Sum(work, parts[0].Y.Storage, parts.Count)];
    }

    /// <inheritdoc/>
    /// <remarks>Slices run side by side where they leave room.</remarks>
    public override double Cost(ConvolutionWork work)
    {
        const double load = 12;
        IReadOnlyList<ConvolutionWork> parts = Slices(work);
        double filled = Math.Max(1, parts.Count * inner.Workgroups(work) / Tiling.Resident(device));
        return parts.Max(inner.Cost) * filled + load * Tiling.Rounds(Tiling.Tiles(work.Output.Count, device.SubgroupSize), device) * (parts.Count + 1);
    }

    /// <summary>The convolutions whose sum is <paramref name="work"/>, each to its own part of one workspace.</summary>
    private IReadOnlyList<ConvolutionWork> Slices(ConvolutionWork work)
    {
        bool byChannels = work.Window.IsPointwise;
        int length = byChannels ? work.X.Shape.C / LeastChannels : work.Window.KernelH;
        int count = Math.Min(slices, length);
        if (count < 2) return [];
        long elements = work.Output.Count;
        var workspace = new Storage("split convolution workspace", count * elements);
        return [.. Enumerable.Range(0, count).Select(s =>
        {
            int first = (int)((long)length * s / count), behind = (int)((long)length * (s + 1) / count);
            ConvolutionWork slice = byChannels
                ? Channels(work, first * LeastChannels, s == count - 1 ? work.X.Shape.C : behind * LeastChannels)
                : Rows(work, first, behind);
            return slice with { B = null, Y = new TensorView(work.Output, workspace, s * elements, work.Output.C), Range = OutputRange.All, Accumulate = false };
        })];
    }

    private static ConvolutionWork Channels(ConvolutionWork work, int first, int behind)
    {
        Shape x = work.X.Shape;
        return work with
        {
            X = work.X with { Shape = Shape.Create([x.N, behind - first, x.H, x.W]), Offset = work.X.Offset + first },
            W = FilterRows(work, first, behind - first),
        };
    }

    private static ConvolutionWork Rows(ConvolutionWork work, int first, int behind)
    {
        Window window = work.Window;
        int perRow = window.KernelW * work.X.Shape.C;
        return work with
        {
            W = FilterRows(work, first * perRow, (behind - first) * perRow),
            Window = window with { KernelH = behind - first, PadTop = window.PadTop - first * window.DilationH },
        };
    }

    /// <summary>The filter as a matrix, output channels along its rows: <paramref name="count"/> of them.</summary>
    private static TensorView FilterRows(ConvolutionWork work, int first, int count)
        => new(Shape.Create([count, work.Output.C]), work.W.Storage, work.W.Offset + (long)first * work.Output.C, work.Output.C);

    private static ShaderDispatch Sum(ConvolutionWork work, Storage parts, int count)
        => ShaderDispatch.Of("conv2d_forward_split_sum")
            .Read("parts", TensorView.Dense([count, (int)work.Output.Count], parts)).Read("b", work.B ?? work.W).Gradient("y", new Gradient(work.Y, work.Accumulate))
            .With("pixels", (int)work.Pixels).With("outputs", work.Output.C).With("slices", count).With("yRowStride", work.Y.RowStride)
            .With("low", work.Range.Low).With("high", work.Range.High)
            .Specialize("biased", work.B is not null).Over(work.Output.Count);
}
