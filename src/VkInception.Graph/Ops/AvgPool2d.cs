using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>Mean over a sliding window: y[n,c,p,q] = Σ x[n, c, p·stride + r − pad, …] / divisor.</summary>
/// <remarks>
/// The divisor counts the window's pixels inside the input, and with <paramref name="CountIncludePad"/> those of the padding too, but
/// never the part of a ceil-mode window that reaches beyond the padding (Caffe, PyTorch, ONNX).
/// </remarks>
/// <param name="Window">Kernel, stride, padding; no dilation, padding smaller than the kernel.</param>
/// <param name="CeilMode">Whether a last, partial window counts; it starts inside the input or the padding before it.</param>
/// <param name="CountIncludePad">Whether padding counts as zeros.</param>
public sealed record AvgPool2d(Window Window, bool CeilMode = false, bool CountIncludePad = true) : Op
{
    /// <inheritdoc/>
    public override string Attributes => $"{Window}{(CeilMode ? ", ceil" : "")}{(CountIncludePad ? "" : ", padding not counted")}";

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        Shape x = WindowArithmetic.Image(inputs);
        WindowArithmetic.Check(Window);
        if (Window.DilationH != 1 || Window.DilationW != 1) throw Mismatch($"window {Window}: an average pool with dilation is not supported");
        WindowArithmetic.CheckPoolPadding(Window);
        (int h, int w) = WindowArithmetic.Pool(x, Window, CeilMode);
        return new OpSpec([x.N, x.C, h, w]);
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t) => [PoolKernel.Average(t.Input, t.Output, Window, CountIncludePad)];

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t) => PoolKernel.AverageBackward(t, Window, CountIncludePad);
}
