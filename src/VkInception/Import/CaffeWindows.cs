using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import;

/// <summary>Windows of Caffe's convolution and pooling layers: <c>kernel_size</c>, or <c>kernel_h</c> and <c>kernel_w</c>; pad and stride likewise.</summary>
internal static class CaffeWindows
{
    /// <summary>The window that a <c>convolution_param</c> or <c>pooling_param</c> describes.</summary>
    public static Window Create(PrototxtMessage parameters)
    {
        (int kernelH, int kernelW) = Pair(parameters, "kernel_size", "kernel", null);
        (int padH, int padW) = Pair(parameters, "pad", "pad", 0);
        (int strideH, int strideW) = Pair(parameters, "stride", "stride", 1);
        (int dilationH, int dilationW) = Pair(parameters, "dilation", "dilation", 1);
        return new Window(kernelH, kernelW, strideH, strideW, padH, padW, padH, padW, dilationH, dilationW);
    }

    /// <summary>Caffe's own rounding, to be compared with the graph's: it drops a window outside the image only where there is padding.</summary>
    public static (int H, int W) PooledSize(Shape image, Window window)
    {
        bool isPadded = window.PadTop > 0 || window.PadLeft > 0;
        return (Pooled(image.H, window.KernelH, window.StrideH, window.PadTop, isPadded), Pooled(image.W, window.KernelW, window.StrideW, window.PadLeft, isPadded));
    }

    private static int Pooled(int extent, int kernel, int stride, int pad, bool isPadded)
    {
        long slack = (long)extent + 2L * pad - kernel;
        long pooled = (slack + stride - 1) / stride + 1;
        if (isPadded && (pooled - 1) * stride >= (long)extent + pad) pooled--;
        return (int)pooled;
    }

    private static (int H, int W) Pair(PrototxtMessage parameters, string both, string stem, int? standard)
    {
        IReadOnlyList<int> given = parameters.Ints(both);
        if (given.Count > 2) throw parameters.Error(ErrorCode.UnsupportedFormat, $"more than two values of '{both}'; only images are supported");
        if (given.Count > 0) return (given[0], given[^1]);
        int? h = parameters.Int($"{stem}_h") ?? standard, w = parameters.Int($"{stem}_w") ?? standard;
        return h is { } height && w is { } width ? (height, width) : throw parameters.Error(ErrorCode.FileDamaged, $"'{both}' is missing");
    }
}
