namespace VkInception.Graph.Ops;

/// <summary>Dispatches of <c>pool_forward</c> and <c>pool_backward</c>: maximum or mean over a sliding window.</summary>
internal static class PoolKernel
{
    public static ShaderDispatch Max(TensorView x, TensorView y, Window window) => Dispatch(x, y, window, maximum: true, includePadding: false);

    public static ShaderDispatch Average(TensorView x, TensorView y, Window window, bool includePadding) => Dispatch(x, y, window, maximum: false, includePadding);

    /// <summary>The maximum in a training step, which saves where it was found; in inference the maximum alone.</summary>
    public static ShaderDispatch Max(OpTensors t, Window window)
    {
        if (!t.Training) return Max(t.Input, t.Output, window);
        TensorView x = t.Input, y = t.Output, index = t.Saved[0];
        bool wide = x.IsVec4 && y.IsVec4 && index.IsVec4;
        int step = wide ? 4 : 1, tile = Tile(window, y.Shape.W), count = Tiles(y.Shape, tile) * y.Shape.C / step;
        return Windowed(ShaderDispatch.Of(tile > 1 ? "max_pool_forward_index_row" : "max_pool_forward_index"), x.Shape, y.Shape, window, tile)
            .Read("x", x).Write("y", y).Write("index", index)
            .Specialize("wide", wide).With("padLeft", window.PadLeft).With("count", count).With("channels", x.Shape.C / step)
            .With("xRowStride", x.RowStride / step).With("yRowStride", y.RowStride / step).With("indexRowStride", index.RowStride / step)
            .Over(count);
    }

    /// <summary>The gradient of a maximum, by the positions that the forward pass saved.</summary>
    public static IEnumerable<ShaderDispatch> MaxBackward(BackwardTensors t, Window window)
        => t.InputGradient is { } dx ? [Backward(t.OutputGradient, t.Forward.Saved[0], dx, window, includePadding: false)] : [];

    /// <summary>The gradient of a mean.</summary>
    public static IEnumerable<ShaderDispatch> AverageBackward(BackwardTensors t, Window window, bool includePadding)
        => t.InputGradient is { } dx ? [Backward(t.OutputGradient, null, dx, window, includePadding)] : [];

    private static ShaderDispatch Backward(TensorView dy, TensorView? index, Gradient dx, Window window, bool includePadding)
    {
        // A mean reads no index, but every address that a shader declares must be one.
        TensorView positions = index ?? dy;
        bool wide = dy.IsVec4 && positions.IsVec4 && dx.View.IsVec4;
        Shape x = dx.View.Shape;
        int step = wide ? 4 : 1, tile = BackwardTile(window, x.W), count = Tiles(x, tile) * x.C / step;
        ShaderDispatch dispatch = ShaderDispatch.Of(tile > 1 ? "pool_backward_row" : "pool_backward").Read("dy", dy).Read("index", positions).Gradient("dx", dx)
            .Specialize("wide", wide).Specialize("maximum", index is not null).Specialize("include_padding", includePadding).Specialize("stride_w", window.StrideW)
            .With("height", x.H).With("width", x.W).With("outHeight", dy.Shape.H).With("outWidth", dy.Shape.W).With("kernelH", window.KernelH)
            .With("padTop", window.PadTop).With("padBottom", window.PadBottom).With("padRight", window.PadRight)
            .With("count", count).With("channels", x.C / step)
            .With("dyRowStride", dy.RowStride / step).With("indexRowStride", positions.RowStride / step).With("dxRowStride", dx.View.RowStride / step);
        dispatch = tile > 1
            ? dispatch.Specialize("tile", tile).Specialize("kernel_w", window.KernelW).Specialize("pad_left", window.PadLeft).With("strideH", window.StrideH)
            : dispatch.Specialize("stride_h", window.StrideH).Specialize("dilation_h", window.DilationH).Specialize("dilation_w", window.DilationW)
                .With("kernelW", window.KernelW).With("padLeft", window.PadLeft);
        return dispatch.Over(count);
    }

    /// <summary>Extents of the image and of the window, whose columns are constants of a kernel that takes several at a time.</summary>
    private static ShaderDispatch Windowed(ShaderDispatch dispatch, Shape x, Shape y, Window window, int tile)
    {
        dispatch = dispatch.With("height", x.H).With("width", x.W).With("outHeight", y.H).With("outWidth", y.W)
            .With("kernelH", window.KernelH).With("strideH", window.StrideH).With("padTop", window.PadTop);
        return tile > 1
            ? dispatch.Specialize("tile", tile).Specialize("kernel_w", window.KernelW).Specialize("stride_w", window.StrideW)
            : dispatch.With("kernelW", window.KernelW).With("strideW", window.StrideW).With("dilationH", window.DilationH).With("dilationW", window.DilationW);
    }

    /// <summary>How many tiles of a row cover the image.</summary>
    private static int Tiles(Shape image, int tile) => image.N * image.H * ((image.W + tile - 1) / tile);

    /// <summary>A window over the whole image.</summary>
    public static Window Whole(Shape shape) => new(shape.H, shape.W, shape.H, shape.W);

    private static ShaderDispatch Dispatch(TensorView x, TensorView y, Window window, bool maximum, bool includePadding)
    {
        bool wide = x.IsVec4 && y.IsVec4;
        int step = wide ? 4 : 1, channels = x.Shape.C / step, tile = Tile(window, y.Shape.W);
        ShaderDispatch dispatch = ShaderDispatch.Of(tile > 1 ? "pool_forward_row" : "pool_forward").Read("x", x).Write("y", y)
            .Specialize("wide", wide).Specialize("maximum", maximum).Specialize("include_padding", includePadding)
            .With("channels", channels).With("xRowStride", x.RowStride / step).With("yRowStride", y.RowStride / step)
            .With("height", x.Shape.H).With("width", x.Shape.W).With("outHeight", y.Shape.H).With("outWidth", y.Shape.W)
            .With("kernelH", window.KernelH).With("strideH", window.StrideH)
            .With("padTop", window.PadTop).With("padLeft", window.PadLeft).With("padBottom", window.PadBottom).With("padRight", window.PadRight);
        int count = y.Shape.N * y.Shape.H * ((y.Shape.W + tile - 1) / tile) * channels;
        dispatch = tile > 1
            ? dispatch.Specialize("tile", tile).Specialize("kernel_w", window.KernelW).Specialize("stride_w", window.StrideW)
            : dispatch.With("kernelW", window.KernelW).With("strideW", window.StrideW).With("dilationH", window.DilationH).With("dilationW", window.DilationW);
        return dispatch.With("count", count).Over(count);
    }

    /// <summary>Outputs of a row that one invocation computes: several where windows overlap, as many as divide the rows of the usual networks (7, 14, 28, 56).</summary>
    private static int Tile(Window window, int outWidth)
    {
        if (!Overlaps(window) || outWidth < 4) return 1;
        return outWidth % 7 == 0 ? 7 : 4;
    }

    /// <summary>Pixels of a row whose gradients one invocation gathers: a multiple of the stride, 7 where that divides the row; 1 where the window is too wide to unroll.</summary>
    private static int BackwardTile(Window window, int width)
    {
        if (window.DilationH != 1 || window.DilationW != 1 || width < 4 || window.StrideW > 14) return 1;
        int largest = window.StrideW == 1 && width % 7 == 0 ? 7 : 8, tile = Math.Max(1, largest / window.StrideW) * window.StrideW;
        return (tile + window.KernelW) / window.StrideW <= 16 ? tile : 1;
    }

    private static bool Overlaps(Window window)
        => window.StrideW < window.KernelW && window.KernelW <= 5 && window.DilationH == 1 && window.DilationW == 1;
}
