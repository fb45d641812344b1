using System.Globalization;
using System.Net;
using System.Text;

namespace VkInception.Benchmarks.Suite;

/// <summary>Charts as SVG that takes its colours from the page.</summary>
internal static class Svg
{
    private const int Width = 900;

    /// <summary>Horizontal bars: a label, a length, and what to write at its end.</summary>
    public static string Bars(string title, IReadOnlyList<(string Label, double Value, string Text, bool Strong)> bars)
    {
        const int left = 270, step = 26;
        var parts = new StringBuilder();
        double scale = (Width - left - 130) / Math.Max(bars.Max(b => b.Value), 1e-9);
        for (int i = 0; i < bars.Count; i++)
        {
            (string label, double value, string text, bool strong) = bars[i];
            int y = i * step;
            Add(parts, $"<text x=\"{left - 12}\" y=\"{y + 17}\" text-anchor=\"end\">{Escape(label)}</text>");
            Add(parts, $"<rect x=\"{left}\" y=\"{y + 4}\" width=\"{Math.Max(value * scale, 1):F1}\" height=\"17\" rx=\"3\" fill=\"var(--{(strong ? "ours" : "other")})\"/>");
            Add(parts, $"<text class=\"faint\" x=\"{left + value * scale + 8:F1}\" y=\"{y + 17}\">{Escape(text)}</text>");
        }
        return Frame(title, bars.Count * step + 4, parts);
    }

    /// <summary>Layers as dots under the roof that memory (the slope) and arithmetic (the flat) make; both axes logarithmic.</summary>
    public static string Roof(string title, IReadOnlyList<LayerTime> layers, Peaks peaks)
    {
        const int left = 70, top = 20, right = 20, bottom = 52, height = 420;
        LayerTime[] counted = [.. layers.Where(l => l.MultiplyAdds > 0)];
        double[] intensities = [.. counted.Select(Intensity)];
        double ridge = peaks.Gflops / peaks.GigabytesPerSecond;
        double x0 = Floor10(Math.Min(intensities.Min(), ridge) / 1.5), x1 = Ceil10(Math.Max(intensities.Max(), ridge) * 1.5);
        double y0 = Floor10(counted.Min(l => l.Gflops)), y1 = Ceil10(Math.Max(counted.Max(l => l.Gflops), peaks.Gflops));
        var parts = new StringBuilder();
        for (double x = x0; x <= x1 * 1.001; x *= 10)
            Add(parts, $"<line x1=\"{X(x):F1}\" x2=\"{X(x):F1}\" y1=\"{top}\" y2=\"{height - bottom}\" stroke=\"var(--line)\"/><text class=\"faint\" x=\"{X(x):F1}\" y=\"{height - bottom + 20}\" text-anchor=\"middle\">{x:G4}</text>");
        for (double y = y0; y <= y1 * 1.001; y *= 10)
            Add(parts, $"<line x1=\"{left}\" x2=\"{Width - right}\" y1=\"{Y(y):F1}\" y2=\"{Y(y):F1}\" stroke=\"var(--line)\"/><text class=\"faint\" x=\"{left - 10}\" y=\"{Y(y) + 5:F1}\" text-anchor=\"end\">{y:G4}</text>");
        double begin = Math.Max(x0, y0 / peaks.GigabytesPerSecond);
        Add(parts, $"<polyline fill=\"none\" stroke=\"var(--ink)\" stroke-width=\"2\" points=\"{X(begin):F1},{Y(begin * peaks.GigabytesPerSecond):F1} {X(ridge):F1},{Y(peaks.Gflops):F1} {X(x1):F1},{Y(peaks.Gflops):F1}\"/>");
        double longest = counted.Max(l => l.Milliseconds);
        foreach (LayerTime layer in counted)
            Add(parts, $"<circle cx=\"{X(Intensity(layer)):F1}\" cy=\"{Y(layer.Gflops):F1}\" r=\"{3 + 9 * Math.Sqrt(layer.Milliseconds / longest):F1}\" fill=\"var(--ours)\" fill-opacity=\".55\" stroke=\"var(--ours)\"><title>{Escape(layer.Layer)}: {layer.Milliseconds:F2} ms, {layer.Gflops:F1} GFLOP/s, {layer.GigabytesPerSecond:F1} GB/s</title></circle>");
        Add(parts, $"<text class=\"faint\" x=\"{(left + Width - right) / 2}\" y=\"{height - 8}\" text-anchor=\"middle\">operations per byte read or written</text><text class=\"faint\" x=\"{left}\" y=\"13\">GFLOP/s; a dot is a layer, its area its time</text>");
        return Frame(title, height, parts);

        double X(double value) => left + (Width - left - right) * Math.Log10(value / x0) / Math.Log10(x1 / x0);
        double Y(double value) => height - bottom - (height - top - bottom) * Math.Log10(value / y0) / Math.Log10(y1 / y0);
    }

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static double Intensity(LayerTime layer) => 2.0 * layer.MultiplyAdds / layer.Bytes;

    private static double Floor10(double value) => Math.Pow(10, Math.Floor(Math.Log10(value)));

    private static double Ceil10(double value) => Math.Pow(10, Math.Ceiling(Math.Log10(value)));

    private static string Frame(string title, int height, StringBuilder parts)
        => string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{Escape(title)}\">{parts}</svg>");

    private static void Add(StringBuilder parts, FormattableString part) => parts.Append(part.ToString(CultureInfo.InvariantCulture));
}
