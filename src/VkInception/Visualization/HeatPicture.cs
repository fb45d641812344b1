using VkInception.Training;

namespace VkInception.Visualization;

/// <summary>A class activation map laid over its photo: from blue, a little of the class, to red, where most of it is; what the network did not see is dimmed.</summary>
public static class HeatPicture
{
    private const double Opacity = 0.6;
    private const double Dimmed = 0.5;

    private static readonly (double Red, double Green, double Blue)[] scale = [(0, 0, 0.6), (0, 0.4, 1), (0, 1, 0.8), (1, 1, 0), (1, 0.4, 0), (0.9, 0, 0)];

    /// <summary>Draws it.</summary>
    /// <param name="rgb">The photo: rows from top to bottom, each R G B R G B….</param>
    /// <param name="width">Width of the photo in pixels.</param>
    /// <param name="height">Height of the photo in pixels.</param>
    /// <param name="map">The map; what is under 0 counts as 0, the greatest value is red.</param>
    /// <param name="seen">The part of the photo that the map covers.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when sides and pixels do not fit each other.</exception>
    public static Picture Draw(ReadOnlySpan<byte> rgb, int width, int height, ClassActivationMap map, PhotoArea seen)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (width < 1 || height < 1 || rgb.Length != 3L * width * height)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"a photo of {width}x{height} cannot be made of {rgb.Length} bytes; give width x height x 3");
        double greatest = map.Values.Where(float.IsFinite).DefaultIfEmpty().Max();
        var pixels = new byte[rgb.Length];
        for (int y = 0; y < height; y++)
        {
            double v = (y + 0.5 - seen.Top) / seen.Height;
            for (int x = 0; x < width; x++)
            {
                int at = 3 * (y * width + x);
                double u = (x + 0.5 - seen.Left) / seen.Width;
                bool isSeen = u is >= 0 and < 1 && v is >= 0 and < 1;
                double heat = isSeen && greatest > 0 ? Math.Clamp(Sample(map, u, v) / greatest, 0, 1) : 0;
                Blend(rgb.Slice(at, 3), pixels.AsSpan(at, 3), heat, isSeen ? 1 : Dimmed);
            }
        }
        return Picture.Of(width, height, pixels);
    }

    /// <summary>The map between its values, bilinear; (0, 0) is its top left corner, (1, 1) its bottom right one, values lie in the middle of their cells.</summary>
    public static double Sample(ClassActivationMap map, double u, double v)
    {
        ArgumentNullException.ThrowIfNull(map);
        double x = Math.Clamp(u * map.Width - 0.5, 0, map.Width - 1), y = Math.Clamp(v * map.Height - 0.5, 0, map.Height - 1);
        int left = (int)x, top = (int)y, right = Math.Min(left + 1, map.Width - 1), bottom = Math.Min(top + 1, map.Height - 1);
        double fromLeft = x - left, fromTop = y - top;
        return (At(left, top) * (1 - fromLeft) + At(right, top) * fromLeft) * (1 - fromTop) + (At(left, bottom) * (1 - fromLeft) + At(right, bottom) * fromLeft) * fromTop;

        double At(int column, int row) => float.IsFinite(map.Values[row * map.Width + column]) ? map.Values[row * map.Width + column] : 0;
    }

    private static void Blend(ReadOnlySpan<byte> photo, Span<byte> pixel, double heat, double light)
    {
        double place = heat * (scale.Length - 1);
        int step = Math.Min((int)place, scale.Length - 2);
        double part = place - step, opacity = Opacity * Math.Sqrt(heat);
        (double Red, double Green, double Blue) a = scale[step], b = scale[step + 1];
        ReadOnlySpan<double> colour = [a.Red + (b.Red - a.Red) * part, a.Green + (b.Green - a.Green) * part, a.Blue + (b.Blue - a.Blue) * part];
        for (int c = 0; c < 3; c++) pixel[c] = (byte)Math.Round(photo[c] * light * (1 - opacity) + colour[c] * 255 * opacity);
    }
}
