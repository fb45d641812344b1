using VkInception.Training;

namespace VkInception.Visualization;

/// <summary>The maps of a node side by side, in gray.</summary>
public static class ActivationPicture
{
    private const int MostMaps = 1024;
    private const int Gap = 2;
    private const int SmallestTile = 32;
    private const byte Background = 40;

    /// <summary>Draws maps, each stretched from its least value (black) to its greatest (white), small ones enlarged, in rows of about the square root of their number.</summary>
    /// <param name="values">Row-major (maps, height, width) of one image; the first 1024 maps are drawn.</param>
    /// <param name="maps">Number of maps.</param>
    /// <param name="height">Height of a map.</param>
    /// <param name="width">Width of a map.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: the values do not fill the shape; <see cref="ErrorCode.InvalidArgument"/>: too large a picture.</exception>
    public static Picture Draw(ReadOnlySpan<float> values, int maps, int height, int width)
    {
        if (maps < 1 || height < 1 || width < 1 || values.Length != (long)maps * height * width)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{values.Length} values are no {maps} maps of {height}×{width} to draw");
        int shown = Math.Min(maps, MostMaps), scale = Math.Max(1, SmallestTile / Math.Max(height, width));
        int columns = (int)Math.Ceiling(Math.Sqrt(shown)), rows = (shown + columns - 1) / columns;
        long pictureWidth = (columns * ((long)width * scale + Gap)) + Gap, pictureHeight = (rows * ((long)height * scale + Gap)) + Gap;
        if (pictureWidth * pictureHeight > Array.MaxLength)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{shown} maps of {height}×{width} make too large a picture; take a later node or a smaller --size");
        var pixels = new byte[pictureWidth * pictureHeight];
        Array.Fill(pixels, Background);
        for (int map = 0; map < shown; map++)
        {
            int left = Gap + (map % columns * (width * scale + Gap)), top = Gap + (map / columns * (height * scale + Gap));
            byte[] gray = Gray(values.Slice(map * height * width, height * width));
            for (int y = 0; y < height * scale; y++)
            {
                Span<byte> row = pixels.AsSpan((int)((top + y) * pictureWidth + left), width * scale);
                for (int x = 0; x < row.Length; x++) row[x] = gray[y / scale * width + x / scale];
            }
        }
        return Picture.Of((int)pictureWidth, (int)pictureHeight, pixels);
    }

    /// <summary>From the least finite value to the greatest; a map of one value, and what is not finite, is black.</summary>
    private static byte[] Gray(ReadOnlySpan<float> map)
    {
        float low = float.PositiveInfinity, high = float.NegativeInfinity;
        foreach (float value in map)
        {
            if (!float.IsFinite(value)) continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }
        var gray = new byte[map.Length];
        if (high <= low) return gray;
        double range = (double)high - low;
        for (int i = 0; i < gray.Length; i++)
            if (float.IsFinite(map[i])) gray[i] = (byte)((((double)map[i] - low) / range * 255) + 0.5);
        return gray;
    }
}
