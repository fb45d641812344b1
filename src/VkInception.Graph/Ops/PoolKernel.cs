namespace VkInception.Graph.Ops;

/// <summary>Dispatches of <c>pool_forward</c> and <c>pool_backward</c>, and of their kernels that take a tile at a time: maximum or mean over a sliding window.</summary>
internal static class PoolKernel
{
    /// <summary>Largest side of a window whose taps are written out.</summary>
    private const int LargestUnrolled = 5;

    /// <summary>Most terms that the sums of a backward tile have when they are written out.</summary>
    private const int MostTerms = 128;

    /// <summary>Taps that a byte can tell apart, all bits set being none.</summary>
    private const int MostTapsOfByte = 255;

    public static ShaderDispatch Average(TensorView x, TensorView y, Window window, bool includePadding) => Forward(x, y, window, maximum: false, includePadding);

    /// <summary>The maximum in a training step, which saves where it was found; in inference the maximum alone.</summary>
    public static ShaderDispatch Max(OpTensors t, Window window)
    {
        TensorView x = t.Input, y = t.Output;
        if (!t.Training) return Forward(x, y, window, maximum: true, includePadding: false);
        (int h, int w) = ForwardTile(window, y.Shape, rows: 2);
        return Windowed(ShaderDispatch.Of(h > 0 ? "max_pool_forward_index_tile" : "max_pool_forward_index").Read("x", x).Write("y", y).Write("index", t.Saved[0])
            .MaskedBy(t.InputRange, !t.InputRange.IsAll)
            .With("xRowStride", x.RowStride).With("yRowStride", y.RowStride).With("indexRowStride", t.Saved[0].RowStride), x, y, window, IsPacked(x.Shape.C, window), h, w);
    }

    /// <summary>What the forward pass of a maximum saves: where each was found, or nowhere if its gradient would not pass the clamp in front (<see cref="OpTensors.InputRange"/>), a 32-bit word for every four channels where their number and the window allow, else for each.</summary>
    public static Shape Positions(Shape y, Window window) => IsPacked(y.C, window) ? y.With(1, y.C / 4) : y;

    /// <summary>The gradient of a maximum, by the positions that the forward pass saved.</summary>
    public static IEnumerable<ShaderDispatch> MaxBackward(BackwardTensors t, Window window)
        => t.InputGradient is { } dx ? [Backward(t.OutputGradient, t.Forward.Saved[0], dx, window, includePadding: false)] : [];

    /// <summary>The gradient of a mean.</summary>
    public static IEnumerable<ShaderDispatch> AverageBackward(BackwardTensors t, Window window, bool includePadding)
        => t.InputGradient is { } dx ? [Backward(t.OutputGradient, null, dx, window, includePadding)] : [];

    /// <summary>A window over the whole image.</summary>
    public static Window Whole(Shape shape) => new(shape.H, shape.W, shape.H, shape.W);

    private static bool IsPacked(int channels, Window window) => channels % 4 == 0 && window.KernelH * (long)window.KernelW <= MostTapsOfByte;

    private static ShaderDispatch Forward(TensorView x, TensorView y, Window window, bool maximum, bool includePadding)
    {
        (int h, int w) = ForwardTile(window, y.Shape, rows: 4);
        return Windowed(ShaderDispatch.Of(h > 0 ? "pool_forward_tile" : "pool_forward").Read("x", x).Write("y", y)
            .Specialize("maximum", maximum).Specialize("include_padding", includePadding)
            .With("xRowStride", x.RowStride).With("yRowStride", y.RowStride)
            .With("padBottom", window.PadBottom).With("padRight", window.PadRight), x, y, window, x.Shape.C % 4 == 0, h, w);
    }

    /// <summary>Extents, window and channels of a forward kernel; the window's constants are the pipeline's where a tile is taken at a time.</summary>
    private static ShaderDispatch Windowed(ShaderDispatch dispatch, TensorView x, TensorView y, Window window, bool four, int h, int w)
    {
        dispatch = dispatch.With("height", x.Shape.H).With("width", x.Shape.W).With("outHeight", y.Shape.H).With("outWidth", y.Shape.W)
            .With("padTop", window.PadTop).With("padLeft", window.PadLeft);
        dispatch = h > 0
            ? dispatch.Specialize("tile_h", h).Specialize("tile_w", w).Specialize("kernel_h", window.KernelH).Specialize("kernel_w", window.KernelW)
                .Specialize("stride_h", window.StrideH).Specialize("stride_w", window.StrideW)
            : dispatch.With("kernelH", window.KernelH).With("kernelW", window.KernelW).With("strideH", window.StrideH).With("strideW", window.StrideW)
                .With("dilationH", window.DilationH).With("dilationW", window.DilationW);
        return Channels(dispatch, four, four && x.IsVec4 && y.IsVec4, y.Shape, h, w);
    }

    private static ShaderDispatch Backward(TensorView dy, TensorView? index, Gradient dx, Window window, bool includePadding)
    {
        // A mean reads no index, but every address that a shader declares must be one.
        TensorView positions = index ?? dy;
        Shape x = dx.View.Shape;
        bool four = index is null ? x.C % 4 == 0 : IsPacked(x.C, window);
        (int h, int w) = BackwardTile(window, x, dy.Shape);
        ShaderDispatch dispatch = ShaderDispatch.Of(h > 0 ? "pool_backward_tile" : "pool_backward").Read("dy", dy).Read("index", positions).Gradient("dx", dx)
            .Specialize("maximum", index is not null).Specialize("include_padding", includePadding)
            .Specialize("stride_h", window.StrideH).Specialize("stride_w", window.StrideW)
            .With("height", x.H).With("width", x.W).With("outHeight", dy.Shape.H).With("outWidth", dy.Shape.W)
            .With("padBottom", window.PadBottom).With("padRight", window.PadRight)
            .With("dyRowStride", dy.RowStride).With("indexRowStride", positions.RowStride).With("dxRowStride", dx.View.RowStride);
        dispatch = h > 0
            ? dispatch.Specialize("tile_h", h).Specialize("tile_w", w).Specialize("kernel_h", window.KernelH).Specialize("kernel_w", window.KernelW)
                .Specialize("pad_top", window.PadTop).Specialize("pad_left", window.PadLeft)
            : dispatch.Specialize("dilation_h", window.DilationH).Specialize("dilation_w", window.DilationW)
                .With("kernelH", window.KernelH).With("kernelW", window.KernelW).With("padTop", window.PadTop).With("padLeft", window.PadLeft);
        return Channels(dispatch, four, four && dy.IsVec4 && dx.View.IsVec4, x, h, w);
    }

    /// <summary>How many channels an invocation takes, and how many invocations there are: one for each tile of the image.</summary>
    private static ShaderDispatch Channels(ShaderDispatch dispatch, bool four, bool wide, Shape image, int h, int w)
    {
        int groups = four ? image.C / 4 : image.C, count = image.N * Tiles(image.H, h) * Tiles(image.W, w) * groups;
        return dispatch.Specialize("wide", wide).Specialize("four", four).With("channels", groups).With("count", count).Over(count);
    }

    private static int Tiles(int extent, int side) => side > 0 ? (extent + side - 1) / side : extent;

    /// <summary>Outputs that one invocation computes: so many rows of four; none where the taps would be too many to write out.</summary>
    private static (int H, int W) ForwardTile(Window window, Shape y, int rows)
    {
        if (window.KernelH > LargestUnrolled || window.KernelW > LargestUnrolled || IsDilated(window)) return (0, 0);
        return (Fitting(rows, y.H), Fitting(4, y.W));
    }

    /// <summary>Pixels whose gradients one invocation gathers: about two rows of four, multiples of the strides; none where the sums would be too long to write out.</summary>
    private static (int H, int W) BackwardTile(Window window, Shape x, Shape y)
    {
        // A pixel of an image with fewer windows than it could lie in would ask for those that there are not: the mean of a whole image, seven times as long.
        if (IsDilated(window) || y.H * y.W * 4 <= Tiles(window.KernelH, window.StrideH) * Tiles(window.KernelW, window.StrideW)) return (0, 0);
        (int H, int W)[] sizes = [(2, 4), (1, 4), (1, 2), (1, 1)];
        foreach ((int rows, int columns) in sizes)
        {
            int h = Math.Max(1, Math.Min(rows, x.H) / window.StrideH) * window.StrideH, w = Math.Max(1, Math.Min(columns, x.W) / window.StrideW) * window.StrideW;
            long terms = (long)h * w * Tiles(window.KernelH, window.StrideH) * Tiles(window.KernelW, window.StrideW);
            if (terms <= MostTerms) return (h, w);
        }
        return (0, 0);
    }

    /// <summary>The side of a tile, a power of two, that an extent has room for.</summary>
    private static int Fitting(int side, int extent) => extent >= side ? side : Math.Min(extent, 2);

    private static bool IsDilated(Window window) => window.DilationH != 1 || window.DilationW != 1;
}
