namespace VkInception.Graph.Ops;

/// <summary>Output extents of sliding windows, and the checks that every windowed operation shares.</summary>
internal static class WindowArithmetic
{
    /// <summary>Refuses extents that mean nothing: kernel, stride or dilation under 1, negative padding.</summary>
    public static void Check(Window window)
    {
        if (window.KernelH < 1 || window.KernelW < 1) throw Mismatch($"kernel {window.KernelH}×{window.KernelW}: each side must be at least 1");
        if (window.StrideH < 1 || window.StrideW < 1) throw Mismatch($"stride {window.StrideH}×{window.StrideW}: each side must be at least 1");
        if (window.DilationH < 1 || window.DilationW < 1) throw Mismatch($"dilation {window.DilationH}×{window.DilationW}: each side must be at least 1");
        if (window.PadTop < 0 || window.PadLeft < 0 || window.PadBottom < 0 || window.PadRight < 0)
            throw Mismatch($"padding {window.PadTop},{window.PadLeft},{window.PadBottom},{window.PadRight} (top, left, bottom, right): none may be negative");
    }

    /// <summary>A pooling window must hold at least one pixel of the input wherever it starts.</summary>
    public static void CheckPoolPadding(Window window)
    {
        if (Math.Max(window.PadTop, window.PadBottom) >= Reach(window.KernelH, window.DilationH)
            || Math.Max(window.PadLeft, window.PadRight) >= Reach(window.KernelW, window.DilationW))
            throw Mismatch($"window {window}: padding must be smaller than the kernel, or a window would hold padding only");
    }

    /// <summary>H and W of the output: floor((in + padding − reach)/stride) + 1.</summary>
    public static (int H, int W) Convolve(Shape input, Window window)
        => (Extent("height", input.H, window.KernelH, window.StrideH, window.DilationH, window.PadTop, window.PadBottom, ceilMode: false),
            Extent("width", input.W, window.KernelW, window.StrideW, window.DilationW, window.PadLeft, window.PadRight, ceilMode: false));

    /// <summary>As <see cref="Convolve"/>; in ceil mode rounded up, less the window that would start behind the input (Caffe, PyTorch).</summary>
    public static (int H, int W) Pool(Shape input, Window window, bool ceilMode)
        => (Extent("height", input.H, window.KernelH, window.StrideH, window.DilationH, window.PadTop, window.PadBottom, ceilMode),
            Extent("width", input.W, window.KernelW, window.StrideW, window.DilationW, window.PadLeft, window.PadRight, ceilMode));

    /// <summary>The input must be N C H W.</summary>
    public static Shape Image(System.Collections.Immutable.ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 1) throw Mismatch($"takes one input, got {inputs.Length}");
        if (inputs[0].Rank != 4) throw Mismatch($"takes an input N×C×H×W, got {inputs[0]}");
        return inputs[0];
    }

    private static long Reach(int kernel, int dilation) => (kernel - 1L) * dilation + 1;

    private static int Extent(string side, int input, int kernel, int stride, int dilation, int padBegin, int padEnd, bool ceilMode)
    {
        long padded = (long)input + padBegin + padEnd;
        if (padded > int.MaxValue) throw Mismatch($"{side} {input} with padding {padBegin} and {padEnd} is more than 2^31 pixels");
        long slack = padded - Reach(kernel, dilation) + (ceilMode ? stride - 1L : 0);
        long output = slack < 0 ? 0 : slack / stride + 1;
        if (ceilMode && (output - 1) * stride >= (long)input + padBegin) output--;
        if (output < 1) throw Mismatch($"{side} {input} with padding {padBegin} and {padEnd} is smaller than the kernel's {Reach(kernel, dilation)}");
        return (int)output;
    }

    private static VkInceptionException Mismatch(string message) => new(ErrorCode.ShapeMismatch, message);
}
