namespace VkInception.Imaging;

/// <summary>What a file says about its picture, read without decoding a pixel.</summary>
/// <param name="Format">The format, told by the first bytes and never by the file's name.</param>
/// <param name="Width">Width in pixels as stored, before <paramref name="Orientation"/> is applied.</param>
/// <param name="Height">Height in pixels as stored, before <paramref name="Orientation"/> is applied.</param>
/// <param name="Orientation">EXIF orientation, 1 (upright) to 8 (TIFF 6.0, tag 274).</param>
public readonly record struct ImageHeader(ImageFormat Format, int Width, int Height, int Orientation)
{
    /// <summary>Reads the header, and follows the file's structure far enough to know that the picture is all there.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnsupportedFormat"/> for any other format, <see cref="ErrorCode.FileDamaged"/> for a truncated or contradictory file.</exception>
    public static ImageHeader Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.IsEmpty) throw Damage.Found(name, "is empty (0 bytes)");
        if (file.StartsWith(JpegReader.Magic)) return JpegReader.Read(file, name);
        if (file.StartsWith(PngReader.Magic)) return PngReader.Read(file, name);
        if (file.StartsWith("BM"u8)) return BmpReader.Read(file, name);
        if (file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8)) return GifReader.Read(file, name);
        throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{name}: is not an image that is read (JPEG, PNG, BMP, GIF); convert it to one of these");
    }
}
