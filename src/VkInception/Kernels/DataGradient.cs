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
    public bool Applies(ConvolutionKernel kernel, ConvolutionBackwardData work) => Parts(kernel, work).All(p => kernel.Applies(p.Work));

    /// <summary>An estimate of the time, as <see cref="ConvolutionKernel.Cost"/>.</summary>
    public double Cost(ConvolutionKernel kernel, ConvolutionBackwardData work)
    {
        // Adding to what is there loads it, a mask of its own loads it and the tensor, and stores it; twelve multiply-adds for two elements of every lane.
        const double load = 12, perLoad = 2;
        double pass = load * work.Dx.View.Shape.Count / perLoad / device.SubgroupSize / Tiling.Resident(device);
        double masking = work.Dx.Clamped.IsAll ? 0 : kernel.Masks ? 1 : 3;
        return Parts(kernel, work).Sum(p => kernel.Cost(p.Work)) + pass * (Groups(kernel, work).Count() - (work.Dx.Accumulate ? 0 : 1) + masking);
    }

    /// <summary>All filters are turned first, so that the convolutions wait once.</summary>
    public ImmutableArray<ShaderDispatch> Launches(ConvolutionKernel kernel, ConvolutionBackwardData work)
    {
        List<Part> parts = [.. Parts(kernel, work)];
        // Where no tap reaches there may be no part at all, but what is there is masked.
        IEnumerable<ShaderDispatch> mask = work.Dx.Clamped.IsAll || parts.Any(p => p.Work.Mask is not null) ? [] : BiasGradient.Launches(work.X, work.Dx.View, null, work.Dx.Clamped);
        return [.. parts.SelectMany(p => p.Filters), .. parts.SelectMany(p => kernel.Launches(p.Work)), .. mask];
    }

    /// <summary>Shares that go through the kernel together.</summary>
    private static IEnumerable<ConvolutionShare[]> Groups(ConvolutionKernel kernel, ConvolutionBackwardData work)
        => work.IsPointwise ? work.Shares.Chunk(kernel.MostInputs) : work.Shares.Chunk(1);

    private IEnumerable<Part> Parts(ConvolutionKernel kernel, ConvolutionBackwardData work)
    {
        ConvolutionShare[][] groups = [.. Groups(kernel, work)];
        for (int i = 0; i < groups.Length; i++)
        {
            bool masks = i == groups.Length - 1 && kernel.Masks && !work.Dx.Clamped.IsAll;
            foreach (Part part in Phases(work with { Dx = work.Dx with { Accumulate = work.Dx.Accumulate || i > 0 } }, groups[i]))
                yield return masks ? part with { Work = part.Work with { Mask = new ClampedTensor(work.X, work.Dx.Clamped) } } : part;
        }
    }

    private IEnumerable<Part> Phases(ConvolutionBackwardData work, ConvolutionShare[] shares)
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
                yield return PartOf(work, shares, new PixelPhase(row, column, window.StrideH, window.StrideW), vertical, horizontal);
            }
    }

    private Part PartOf(ConvolutionBackwardData work, ConvolutionShare[] shares, PixelPhase phase, Taps vertical, Taps horizontal)
    {
        Shape x = work.Dx.View.Shape;
        TensorView dy = shares[0].Dy;
        bool reached = vertical.Count > 0 && horizontal.Count > 0;
        var output = Shape.Create([x.N, x.C, (x.H - phase.Row - 1) / phase.StrideH + 1, (x.W - phase.Column - 1) / phase.StrideW + 1]);
        // Without taps the kernel reads no filter; its address must still be one.
        (TensorView filter, ImmutableArray<ShaderDispatch> turns) = reached ? Turned(work, shares, vertical, horizontal) : (dy, []);
        Window window = new(
            reached ? vertical.Count : 0, reached ? horizontal.Count : 0, PadTop: vertical.Padding, PadLeft: horizontal.Padding,
            DilationH: vertical.Dilation, DilationW: horizontal.Dilation);
        return new Part(turns, new ConvolutionWork(dy, filter, null, work.Dx.View, output, window, work.Groups, OutputRange.All)
        {
            Others = [.. shares.Skip(1).Select(s => s.Dy)],
            Accumulate = work.Dx.Accumulate,
            Phase = phase,
        });
    }

    /// <summary>The filters of one phase, one share's behind the other's: several only where there is one tap.</summary>
    private (TensorView Filter, ImmutableArray<ShaderDispatch> Turns) Turned(ConvolutionBackwardData work, ConvolutionShare[] shares, Taps vertical, Taps horizontal)
    {
        int channels = work.Dx.View.Shape.C;
        var all = Shape.Create([vertical.Count * horizontal.Count, shares.Sum(s => s.Dy.Shape.C / work.Groups), channels]);
        TensorView filter = TensorView.Dense(all, new Storage("conv2d_backward_data workspace", all.Count, type: shares[0].W.Type));
        var turns = ImmutableArray.CreateBuilder<ShaderDispatch>();
        long offset = 0;
        foreach (ConvolutionShare share in shares)
        {
            var part = filter with { Shape = all.With(1, share.Dy.Shape.C / work.Groups), Offset = offset };
            turns.Add(Turn(work, share, part, vertical, horizontal));
            offset += part.Shape.Count;
        }
        return (filter, turns.ToImmutable());
    }

    /// <summary>Writes the taps of one phase, last first, inputs and outputs swapped, to <paramref name="wt"/>.</summary>
    private ShaderDispatch Turn(ConvolutionBackwardData work, ConvolutionShare share, TensorView wt, Taps vertical, Taps horizontal)
    {
        int lanes = Tiling.PlainLanes(device, work.Dx.View.Shape.C);
        int channels = work.Dx.View.Shape.C / work.Groups, outputs = share.Dy.Shape.C / work.Groups, taps = vertical.Count * horizontal.Count;
        bool even = channels % 2 == 0 && outputs % 2 == 0 && share.W.Offset % 2 == 0;
        (int x, int y) = Tiling.Grid(device, Tiling.Tiles(work.Dx.View.Shape.C, lanes * (even ? 2 : 1)), Tiling.Tiles(outputs, TileOutputs), TileOutputs, taps);
        return ShaderDispatch.Of("conv2d_backward_transpose").Read("w", share.W).Write("wt", wt)
            .With("channels", channels).With("groupOutputs", outputs).With("groups", work.Groups)
            .With("kernelW", work.Window.KernelW).With("tapsH", vertical.Count).With("tapsW", horizontal.Count)
            .With("lastR", vertical.Last).With("lastS", horizontal.Last).With("stepR", vertical.Step).With("stepS", horizontal.Step)
            .Specialize("tile_outputs", TileOutputs).Specialize("grouped", work.Groups > 1).Specialize("even", even)
            .Groups(x, y, Tiling.Groups(taps), lanes);
    }

    private sealed record Part(ImmutableArray<ShaderDispatch> Filters, ConvolutionWork Work);

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
