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
        int step = wide ? 4 : 1;
        return ShaderDispatch.Of("pool_forward").Read("x", x).Write("y", y)
            .Specialize("wide", wide).Specialize("maximum", maximum).Specialize("include_padding", includePadding)
            .With("count", (int)(y.Shape.Count / step)).With("channels", x.Shape.C / step)
            .With("xRowStride", x.RowStride / step).With("yRowStride", y.RowStride / step)
            .With("height", x.Shape.H).With("width", x.Shape.W).With("outHeight", y.Shape.H).With("outWidth", y.Shape.W)
            .With("kernelH", window.KernelH).With("kernelW", window.KernelW)
            .With("strideH", window.StrideH).With("strideW", window.StrideW)
            .With("dilationH", window.DilationH).With("dilationW", window.DilationW)
            .With("padTop", window.PadTop).With("padLeft", window.PadLeft).With("padBottom", window.PadBottom).With("padRight", window.PadRight)
            .Over(y.Shape.Count / step);
    }
}
