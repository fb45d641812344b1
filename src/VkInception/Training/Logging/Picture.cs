namespace VkInception.Training;

/// <summary>A small picture for the report and for TensorBoard.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Png">A PNG file (<see cref="PngWriter"/>).</param>
public sealed record Picture(int Width, int Height, byte[] Png)
{
    /// <summary>A picture of pixels: rows from top to bottom, one byte a pixel for gray or three for R G B.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when sides and pixels do not fit each other.</exception>
    public static Picture Of(int width, int height, ReadOnlySpan<byte> pixels) => new(width, height, PngWriter.Encode(width, height, pixels));
}
