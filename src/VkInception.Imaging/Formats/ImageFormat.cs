namespace VkInception.Imaging;

/// <summary>The image formats that are read; every other is refused by its first bytes.</summary>
public enum ImageFormat
{
    /// <summary>JPEG (ITU-T T.81): gray, YCbCr, RGB, CMYK and YCCK; baseline and progressive.</summary>
    Jpeg,
    /// <summary>PNG (ISO/IEC 15948): every colour type and depth, interlaced too.</summary>
    Png,
    /// <summary>Windows and OS/2 bitmap.</summary>
    Bmp,
    /// <summary>GIF87a and GIF89a; the first frame is the picture.</summary>
    Gif,
}
