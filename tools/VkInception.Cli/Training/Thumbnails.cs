using VkInception.Imaging;
using VkInception.Training;

namespace VkInception.Cli.Training;

/// <summary>Small pictures of photos.</summary>
internal static class Thumbnails
{
    /// <summary>The photo with its long side at most <paramref name="side"/> pixels; a smaller one as it is.</summary>
    public static Picture Of(Photo photo, int side)
    {
        double ratio = Math.Min(1, (double)side / Math.Max(photo.Width, photo.Height));
        Photo small = ratio < 1 ? photo.Resize(Math.Max(1, (int)(photo.Width * ratio)), Math.Max(1, (int)(photo.Height * ratio))) : photo;
        return Picture.Of(small.Width, small.Height, small.Pixels);
    }
}
