namespace VkInception.Graph;

/// <summary>Extents of a window: kernel, stride, dilation, and padding on each side.</summary>
public sealed record Window(int KernelH, int KernelW, int StrideH = 1, int StrideW = 1, int PadTop = 0, int PadLeft = 0, int PadBottom = 0, int PadRight = 0, int DilationH = 1, int DilationW = 1)
{
    /// <summary>A square window.</summary>
    public static Window Square(int kernel, int stride = 1, int padding = 0, int dilation = 1)
        => new(kernel, kernel, stride, stride, padding, padding, padding, padding, dilation, dilation);

    /// <summary>A window of stride 1, padded so that the image keeps its size; both sides odd.</summary>
    public static Window Same(int height, int width)
        => new(height, width, PadTop: height / 2, PadLeft: width / 2, PadBottom: height / 2, PadRight: width / 2);

    /// <summary>Whether the window is one pixel, unpadded, at every pixel: a matrix product over channels.</summary>
    public bool IsPointwise => this == Square(1);

    /// <summary>The window in words: 7×7/2 pad 3.</summary>
    public override string ToString()
    {
        string s = $"{KernelH}×{KernelW}";
        if (StrideH != 1 || StrideW != 1) s += StrideH == StrideW ? $"/{StrideH}" : $"/{StrideH}×{StrideW}";
        if (PadTop != 0 || PadLeft != 0 || PadBottom != 0 || PadRight != 0)
            s += PadTop == PadLeft && PadTop == PadBottom && PadTop == PadRight ? $" pad {PadTop}" : $" pad {PadTop},{PadLeft},{PadBottom},{PadRight}";
        if (DilationH != 1 || DilationW != 1) s += $" dilation {DilationH}×{DilationW}";
        return s;
    }
}
