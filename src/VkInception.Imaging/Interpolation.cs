namespace VkInception.Imaging;

/// <summary>The filter of a resize. Both widen with the reduction (antialiasing).</summary>
public enum Interpolation
{
    /// <summary>Triangle filter, support 1.</summary>
    Bilinear,
    /// <summary>Keys' cubic with a = -0.5, support 2.</summary>
    Bicubic,
}
