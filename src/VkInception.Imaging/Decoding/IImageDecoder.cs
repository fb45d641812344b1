namespace VkInception.Imaging;

/// <summary>Turns a compressed file into pixels: the one seam between this library and the codec beneath it.</summary>
/// <remarks>Implementations are called from several threads at once.</remarks>
public interface IImageDecoder
{
    /// <summary>Decodes the picture of a file as it is stored: orientation is the caller's business.</summary>
    /// <param name="file">The whole file; its structure and its limits have been checked.</param>
    /// <param name="header">What <see cref="ImageHeader.Read"/> found in it.</param>
    /// <param name="name">What messages call the file.</param>
    /// <returns>A photo of the header's width and height. Alpha is dropped, 16-bit samples keep their high byte, gray is repeated in three channels, CMYK becomes RGB.</returns>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/> when the file cannot be decoded, <see cref="ErrorCode.UnsupportedFormat"/> when the codec lacks its variant, or the codec is missing.</exception>
    Photo Decode(ReadOnlySpan<byte> file, in ImageHeader header, string name);
}
