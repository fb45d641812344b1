using System.Collections.Immutable;

namespace VkInception.Graph.Ops;

/// <summary>Maximum over a sliding window: y[n,c,p,q] = max x[n, c, p·stride + r·dilation − pad, …]; padding never wins, NaN does.</summary>
/// <remarks>In ceil mode the output size rounds up (as in Caffe and PyTorch), but the last window starts inside the input or the padding before it.</remarks>
/// <param name="Window">Kernel, stride, dilation, padding; padding must be smaller than the kernel.</param>
/// <param name="CeilMode">Whether a last, partial window counts.</param>
public sealed record MaxPool2d(Window Window, bool CeilMode = false) : Op
{
    /// <inheritdoc/>
    public override string Attributes => $"{Window}{(CeilMode ? ", ceil" : "")}";

    /// <inheritdoc/>
    public override OpSpec Infer(ImmutableArray<Shape> inputs)
    {
        Shape x = WindowArithmetic.Image(inputs);
        WindowArithmetic.Check(Window);
        WindowArithmetic.CheckPoolPadding(Window);
        (int h, int w) = WindowArithmetic.Pool(x, Window, CeilMode);
        return new OpSpec([x.N, x.C, h, w]);
    }

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Forward(OpTensors t) => [PoolKernel.Max(t, Window)];

    /// <summary>The position in the window of every maximum, in 32-bit words: of equal ones the first counts, as in PyTorch.</summary>
    public override ImmutableArray<Shape> Saved(ImmutableArray<Shape> inputs) => [PoolKernel.Positions(Infer(inputs).Outputs[0], Window)];

    /// <inheritdoc/>
    public override bool SavesPositions => true;

    /// <inheritdoc/>
    public override IEnumerable<Dispatch> Backward(BackwardTensors t) => PoolKernel.MaxBackward(t, Window);

    /// <inheritdoc/>
    public override GradientMasking Masking => GradientMasking.Share;
}
