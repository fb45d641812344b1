namespace VkInception.Training;

/// <summary>A first layer's filters, side by side and enlarged.</summary>
public static class FilterPicture
{
    private const int MaxFilters = 256;
    private const int Gap = 2;
    private const byte Background = 128;

    /// <summary>Draws filters, each stretched to its own range, in about twice as many columns as rows.</summary>
    /// <param name="weights">Row-major (filters, channels, height, width), the first 256 filters are drawn.</param>
    /// <param name="filters">Output channels.</param>
    /// <param name="channels">Input channels; three are drawn as colours, any other number as their mean in gray.</param>
    /// <param name="height">Height of the kernel.</param>
    /// <param name="width">Width of the kernel.</param>
    /// <param name="order">Order of the three input channels.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: the weights do not fill the shape.</exception>
    public static Picture Draw(ReadOnlySpan<float> weights, int filters, int channels, int height, int width, ChannelOrder order = ChannelOrder.Rgb)
    {
        if (filters < 1 || channels < 1 || height is < 1 or > 64 || width is < 1 or > 64 || weights.Length != (long)filters * channels * height * width)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{weights.Length} weights are no {filters}x{channels}x{height}x{width} filters to draw (kernels up to 64x64)");
        int shown = Math.Min(filters, MaxFilters);
        int scale = Math.Max(1, 42 / Math.Max(height, width));
        int columns = Columns(shown);
        int rows = (shown + columns - 1) / columns;
        int tileWidth = (width * scale) + Gap, tileHeight = (height * scale) + Gap;
        int pictureWidth = (columns * tileWidth) + Gap, pictureHeight = (rows * tileHeight) + Gap;
        var pixels = new byte[3 * pictureWidth * pictureHeight];
        Array.Fill(pixels, Background);
        int size = channels * height * width;
        var tile = new byte[3 * height * width];
        for (int f = 0; f < shown; f++)
        {
            Colour(weights.Slice(f * size, size), channels, height * width, order, tile);
            int left = Gap + (f % columns * tileWidth), top = Gap + (f / columns * tileHeight);
            for (int y = 0; y < height * scale; y++)
            {
                for (int x = 0; x < width * scale; x++)
                    tile.AsSpan(3 * (((y / scale) * width) + (x / scale)), 3).CopyTo(pixels.AsSpan(3 * (((top + y) * pictureWidth) + left + x)));
            }
        }
        return Picture.Of(pictureWidth, pictureHeight, pixels);
    }

    /// <summary>About twice as many as rows, and so that the last row is full where that can be.</summary>
    private static int Columns(int shown)
    {
        int wanted = Math.Min(shown, (int)Math.Ceiling(Math.Sqrt(2.0 * shown)));
        return Enumerable.Range(wanted, Math.Min(shown, wanted + (wanted / 2)) - wanted + 1).FirstOrDefault(columns => shown % columns == 0, wanted);
    }

    private static void Colour(ReadOnlySpan<float> filter, int channels, int area, ChannelOrder order, Span<byte> tile)
    {
        Span<float> values = channels == 3 ? filter.ToArray() : new float[area];
        if (channels != 3)
        {
            for (int i = 0; i < filter.Length; i++)
                values[i % area] += filter[i] / channels;
        }
        float low = float.PositiveInfinity, high = float.NegativeInfinity;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }
        float range = high > low ? high - low : 1;
        for (int i = 0; i < tile.Length; i++)
        {
            int channel = channels != 3 ? 0 : order == ChannelOrder.Bgr ? 2 - (i % 3) : i % 3;
            float value = values[(channel * area) + (i / 3)];
            tile[i] = !float.IsFinite(value) ? Background : high > low ? (byte)Math.Clamp((value - low) / range * 255 + 0.5f, 0, 255) : Background;
        }
    }
}
