namespace VkInception.Imaging;

/// <summary>The filter of a resize. All but <see cref="Nearest"/> widen with the reduction (antialiasing).</summary>
public enum Interpolation
{
    /// <summary>Triangle filter, support 1.</summary>
    Bilinear,
    /// <summary>Keys' cubic with a = -0.5, support 2.</summary>
    Bicubic,
    /// <summary>Box filter, support 1/2: the mean of the area when reducing, the nearest pixel when enlarging.</summary>
    Box,
    /// <summary>The one source pixel at the centre of the new one.</summary>
    Nearest,
}
