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
        int step = wide ? 4 : 1, count = (int)(y.Shape.Count / step);
        return Windowed(ShaderDispatch.Of("max_pool_forward_index").Read("x", x).Write("y", y).Write("index", index), x.Shape, y.Shape, window)
            .Specialize("wide", wide).With("count", count).With("channels", x.Shape.C / step)
            .With("xRowStride", x.RowStride / step).With("yRowStride", y.RowStride / step).With("indexRowStride", index.RowStride / step)
            .Over(count);
    }

    /// <summary>The gradient of a maximum, by the positions that the forward pass saved.</summary>
    public static IEnumerable<ShaderDispatch> MaxBackward(BackwardTensors t, Window window)
        => t.InputGradient is { } dx ? [Backward(t.OutputGradient, t.Forward.Saved[0], dx, window, includePadding: null)] : [];

    /// <summary>The gradient of a mean.</summary>
    public static IEnumerable<ShaderDispatch> AverageBackward(BackwardTensors t, Window window, bool includePadding)
        => t.InputGradient is { } dx ? [Backward(t.OutputGradient, null, dx, window, includePadding)] : [];

    private static ShaderDispatch Backward(TensorView dy, TensorView? index, Gradient dx, Window window, bool? includePadding)
    {
        // A mean reads no index, but every address that a shader declares must be one.
        TensorView positions = index ?? dy;
        bool wide = dy.IsVec4 && positions.IsVec4 && dx.View.IsVec4;
        int step = wide ? 4 : 1, count = (int)(dx.View.Shape.Count / step);
        return Windowed(ShaderDispatch.Of("pool_backward").Read("dy", dy).Read("index", positions).Gradient("dx", dx), dx.View.Shape, dy.Shape, window)
            .Specialize("wide", wide).Specialize("maximum", index is not null).Specialize("include_padding", includePadding ?? false)
            .With("padBottom", window.PadBottom).With("padRight", window.PadRight)
            .With("count", count).With("channels", dx.View.Shape.C / step)
            .With("dyRowStride", dy.RowStride / step).With("indexRowStride", positions.RowStride / step).With("dxRowStride", dx.View.RowStride / step)
            .Over(count);
    }

    private static ShaderDispatch Windowed(ShaderDispatch dispatch, Shape x, Shape y, Window window)
        => dispatch.With("height", x.H).With("width", x.W).With("outHeight", y.H).With("outWidth", y.W)
            .With("kernelH", window.KernelH).With("kernelW", window.KernelW).With("strideH", window.StrideH).With("strideW", window.StrideW)
            .With("dilationH", window.DilationH).With("dilationW", window.DilationW).With("padTop", window.PadTop).With("padLeft", window.PadLeft);

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
