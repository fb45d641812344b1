namespace VkInception.Imaging;

/// <summary>A rectangle of pixels: origin at the top left, the right and bottom edges outside it.</summary>
public readonly record struct CropBox(long Left, long Top, int Width, int Height)
{
    /// <summary>The rectangle in the middle of an image, its corner rounded half to even as torchvision's CenterCrop does.</summary>
    public static CropBox Centre(long imageWidth, long imageHeight, int width, int height)
        => new(HalfRoundedToEven(imageWidth - width), HalfRoundedToEven(imageHeight - height), width, height);

    /// <summary>Whether the rectangle has pixels and lies in an image of these sides.</summary>
    public bool IsInside(long imageWidth, long imageHeight)
        => Width > 0 && Height > 0 && Left >= 0 && Top >= 0 && Left <= imageWidth - Width && Top <= imageHeight - Height;

    private static long HalfRoundedToEven(long value)
    {
        long half = value >> 1;
        return (value & 1) == 0 ? half : half + (half & 1);
    }
}
