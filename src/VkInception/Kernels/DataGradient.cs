using System.Collections.Immutable;
using VkInception.Graph;

namespace VkInception.Kernels;

/// <summary>The gradient of a convolution's input: a convolution of dy with the filter turned round, inputs and outputs swapped, by the forward kernels.</summary>
/// <remarks>
/// With strides one such convolution for each phase of the input, that is for the pixels whose row and column leave the same remainders:
/// they see dy through the same taps. A phase that no tap reaches gets zeros.
/// </remarks>
internal sealed class DataGradient(DeviceTraits device)
{
    /// <summary>Outputs of the filter that an invocation turns: as many elements as two cache lines hold.</summary>
    private const int TileOutputs = 32;

    /// <summary>The name in plans and traces of the gradient by <paramref name="kernel"/>.</summary>
    public static string NameOf(ConvolutionKernel kernel) => $"{KernelNaming.Data}{kernel.Name}";

    /// <summary>Whether <paramref name="kernel"/> computes every phase.</summary>
    public bool Applies(ConvolutionKernel kernel, ConvolutionBackwardData work) => Phases(work).All(p => kernel.Applies(p.Work));

    /// <summary>An estimate of the time, as <see cref="ConvolutionKernel.Cost"/>.</summary>
    public double Cost(ConvolutionKernel kernel, ConvolutionBackwardData work) => Phases(work).Sum(p => kernel.Cost(p.Work));

    /// <summary>All filters are turned first, so that the convolutions wait once.</summary>
    public ImmutableArray<ShaderDispatch> Launches(ConvolutionKernel kernel, ConvolutionBackwardData work)
    {
        List<Part> phases = [.. Phases(work)];
        return [.. phases.Select(p => p.Filter).OfType<ShaderDispatch>(), .. phases.SelectMany(p => kernel.Launches(p.Work))];
    }

    private IEnumerable<Part> Phases(ConvolutionBackwardData work)
    {
        Window window = work.Window;
        Shape x = work.Dx.View.Shape;
        for (int row = 0; row < Math.Min(window.StrideH, x.H); row++)
            for (int column = 0; column < Math.Min(window.StrideW, x.W); column++)
            {
                Taps vertical = Taps.Of(row, window.KernelH, window.StrideH, window.DilationH, window.PadTop);
                Taps horizontal = Taps.Of(column, window.KernelW, window.StrideW, window.DilationW, window.PadLeft);
                // Nothing is added where no tap reaches.
                if (work.Dx.Accumulate && (vertical.Count == 0 || horizontal.Count == 0)) continue;
                yield return PartOf(work, new PixelPhase(row, column, window.StrideH, window.StrideW), vertical, horizontal);
            }
    }

    private Part PartOf(ConvolutionBackwardData work, PixelPhase phase, Taps vertical, Taps horizontal)
    {
        Shape x = work.Dx.View.Shape, dy = work.Dy.Shape;
        bool reached = vertical.Count > 0 && horizontal.Count > 0;
        ShaderDispatch? turn = reached ? Turn(work, vertical, horizontal) : null;
        var output = Shape.Create([x.N, x.C, (x.H - phase.Row - 1) / phase.StrideH + 1, (x.W - phase.Column - 1) / phase.StrideW + 1]);
        // Without taps the kernel reads no filter; its address must still be one.
        TensorView filter = turn is null ? work.Dy : turn.Tensors[^1].View;
        Window window = new(
            reached ? vertical.Count : 0, reached ? horizontal.Count : 0, PadTop: vertical.Padding, PadLeft: horizontal.Padding,
            DilationH: vertical.Dilation, DilationW: horizontal.Dilation);
        return new Part(turn, new ConvolutionWork(work.Dy, filter, null, work.Dx.View, output, window, work.Groups, OutputRange.All)
        {
            Accumulate = work.Dx.Accumulate,
            Phase = phase,
        });
    }

    /// <summary>Writes the taps of one phase, last first, inputs and outputs swapped, to a workspace.</summary>
    private ShaderDispatch Turn(ConvolutionBackwardData work, Taps vertical, Taps horizontal)
    {
        int lanes = Tiling.PlainLanes(device, work.Dx.View.Shape.C);
        int channels = work.Dx.View.Shape.C / work.Groups, outputs = work.Dy.Shape.C / work.Groups;
        var turned = Shape.Create([vertical.Count * horizontal.Count, outputs, work.Dx.View.Shape.C]);
        bool even = channels % 2 == 0 && outputs % 2 == 0 && work.W.Offset % 2 == 0;
        (int x, int y) = Tiling.Grid(device, Tiling.Tiles(work.Dx.View.Shape.C, lanes * (even ? 2 : 1)), Tiling.Tiles(outputs, TileOutputs), TileOutputs, turned[0]);
        TensorView wt = TensorView.Dense(turned, new Storage("conv2d_backward_data workspace", turned.Count, type: work.W.Type));
        return ShaderDispatch.Of("conv2d_backward_transpose").Read("w", work.W).Write("wt", wt)
            .With("channels", channels).With("groupOutputs", outputs).With("groups", work.Groups)
            .With("kernelW", work.Window.KernelW).With("tapsH", vertical.Count).With("tapsW", horizontal.Count)
            .With("lastR", vertical.Last).With("lastS", horizontal.Last).With("stepR", vertical.Step).With("stepS", horizontal.Step)
            .Specialize("tile_outputs", TileOutputs).Specialize("grouped", work.Groups > 1).Specialize("even", even)
            .Groups(x, y, Tiling.Groups(turned[0]), lanes);
    }

    private sealed record Part(ShaderDispatch? Filter, ConvolutionWork Work);

    /// <summary>Along one axis, the taps that reach a phase, last first, and where in dy they read.</summary>
    private sealed record Taps(int Count, int Last, int Step, int Padding, int Dilation)
    {
        /// <summary>A tap r reaches position h through output p where p·stride + r·dilation − pad = h.</summary>
        public static Taps Of(int phase, int kernel, int stride, int dilation, int pad)
        {
            int[] taps = [.. Enumerable.Range(0, kernel).Where(r => ((long)phase + pad - (long)r * dilation) % stride == 0)];
            if (taps.Length == 0) return new Taps(0, 0, 1, 0, 1);
            // Neighbours are the shortest step apart after which the remainder returns.
            int common = (int)System.Numerics.BigInteger.GreatestCommonDivisor(stride, dilation), last = taps[^1];
            return new Taps(taps.Length, last, stride / common, (int)(((long)last * dilation - phase - pad) / stride), dilation / common);
        }
    }
}
