using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>Mean over windows that divide the image into Height×Width cells, whatever its size (PyTorch's adaptive_avg_pool2d).</summary>
/// <remarks>Cell (p, q) spans rows ⌊p·H/Height⌋ to ⌈(p+1)·H/Height⌉ and columns alike; cells overlap where the sizes do not divide.</remarks>
/// <param name="Height">Rows of the output.</param>
/// <param name="Width">Columns of the output.</param>
public sealed record AdaptiveAvgPool2d(int Height, int Width) : Op
{
    /// <inheritdoc/>
    public override string Attributes => $"{Height}×{Width}";

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        Shape x = WindowArithmetic.Image(inputs);
        if (Height < 1 || Width < 1) throw Mismatch($"output {Height}×{Width}: each side must be at least 1");
        // The cells' bounds are computed in 32 bits.
        if ((long)x.H * (Height + 1L) > int.MaxValue || (long)x.W * (Width + 1L) > int.MaxValue)
            throw Mismatch($"output {Height}×{Width} of an input {x} is too large");
        return new OpSpec([x.N, x.C, Height, Width]);
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t)
    {
        TensorView x = t.Input, y = t.Output;
        if (EvenCells(x.Shape) is { } cells) return [PoolKernel.Average(x, y, cells, includePadding: false)];
        bool wide = x.IsVec4 && y.IsVec4;
        int step = wide ? 4 : 1;
        return
        [
            ShaderDispatch.Of("adaptive_avg_pool_forward").Read("x", x).Write("y", y).Specialize("wide", wide)
                .With("count", (int)(y.Shape.Count / step)).With("channels", x.Shape.C / step)
                .With("xRowStride", x.RowStride / step).With("yRowStride", y.RowStride / step)
                .With("height", x.Shape.H).With("width", x.Shape.W).With("outHeight", Height).With("outWidth", Width)
                .Over(y.Shape.Count / step),
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t)
    {
        Shape x = t.Forward.Input.Shape;
        if (EvenCells(x) is { } cells) return PoolKernel.AverageBackward(t, cells, includePadding: false);
        if (t.InputGradient is not { } dx) return [];
        TensorView dy = t.OutputGradient;
        bool wide = dy.IsVec4 && dx.View.IsVec4;
        int step = wide ? 4 : 1;
        return
        [
            ShaderDispatch.Of("adaptive_avg_pool_backward").Read("dy", dy).Gradient("dx", dx).Specialize("wide", wide)
                .With("count", (int)(x.Count / step)).With("channels", x.C / step)
                .With("dyRowStride", dy.RowStride / step).With("dxRowStride", dx.View.RowStride / step)
                .Specialize("height", x.H).Specialize("width", x.W).Specialize("out_height", Height).Specialize("out_width", Width)
                .Over(x.Count / step),
        ];
    }

    /// <summary>The window of an ordinary pool, where the cells neither overlap nor differ.</summary>
    private Window? EvenCells(Shape x)
    {
        if (x.H % Height != 0 || x.W % Width != 0) return null;
        int h = x.H / Height, w = x.W / Width;
        return new Window(h, w, h, w);
    }
}
