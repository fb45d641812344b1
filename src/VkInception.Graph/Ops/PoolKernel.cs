namespace VkInception.Graph.Ops;

/// <summary>Dispatches of <c>pool_forward</c>: maximum or mean over a sliding window.</summary>
internal static class PoolKernel
{
    public static ShaderDispatch Max(TensorView x, TensorView y, Window window) => Dispatch(x, y, window, maximum: true, includePadding: false);

    public static ShaderDispatch Average(TensorView x, TensorView y, Window window, bool includePadding) => Dispatch(x, y, window, maximum: false, includePadding);

    /// <summary>A window over the whole image.</summary>
    public static Window Whole(Shape shape) => new(shape.H, shape.W);

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
        bool overlaps = window.StrideW < window.KernelW && window.KernelW <= 5;
        if (!overlaps || window.DilationH != 1 || window.DilationW != 1 || outWidth < 4) return 1;
        return outWidth % 7 == 0 ? 7 : 4;
    }
}
