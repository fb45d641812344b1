namespace VkInception.Kernels;

/// <summary>Every <paramref name="StrideH"/>-th row and <paramref name="StrideW"/>-th column of an image, from a first one on.</summary>
internal sealed record PixelPhase(int Row, int Column, int StrideH, int StrideW)
{
    /// <summary>All pixels.</summary>
    public static PixelPhase All { get; } = new(0, 0, 1, 1);
}
