namespace VkInception.Training;

/// <summary>A curve of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">Number of its colour and dash, from 1.</param>
/// <param name="Points">Points in the order of x. Where y is no number, the curve is interrupted.</param>
/// <param name="Marked">Whether its points are dots that tell their values.</param>
internal sealed record Curve(string Name, int Style, IReadOnlyList<CurvePoint> Points, bool Marked)
{
    /// <summary>At most <paramref name="most"/> points: the means of as many runs of equal length.</summary>
    public static IReadOnlyList<CurvePoint> Thin(IReadOnlyList<CurvePoint> points, int most)
    {
        if (points.Count <= most)
            return points;
        var thin = new CurvePoint[most];
        for (int i = 0; i < most; i++)
        {
            int from = (int)((long)i * points.Count / most), to = (int)((long)(i + 1) * points.Count / most);
            double x = 0, y = 0;
            int finite = 0;
            for (int k = from; k < to; k++)
            {
                x += points[k].X;
                if (!double.IsFinite(points[k].Y))
                    continue;
                y += points[k].Y;
                finite++;
            }
            thin[i] = new CurvePoint(x / (to - from), finite > 0 ? y / finite : double.NaN);
        }
        return thin;
    }
}
