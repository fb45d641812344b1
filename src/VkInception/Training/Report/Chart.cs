using System.Globalization;

namespace VkInception.Training;

/// <summary>A line chart as inline SVG with its heading and legend. Colours and sizes are the report's style sheet's.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="XLabel">What runs along the x axis.</param>
/// <param name="X">The x axis.</param>
/// <param name="Y">The y axis.</param>
/// <param name="Curves">Its curves, drawn in this order.</param>
internal sealed record Chart(string Title, string XLabel, Axis X, Axis Y, IReadOnlyList<Curve> Curves)
{
    /// <summary>Width of the drawing in its own units.</summary>
    public const double Width = 480;

    /// <summary>Height of the drawing.</summary>
    public const double Height = 270;

    /// <summary>Where the x axis begins.</summary>
    public const double Left = 60;

    /// <summary>Where the x axis ends.</summary>
    public const double Right = Width - 16;

    /// <summary>Where the y axis ends.</summary>
    public const double Top = 12;

    /// <summary>Where the y axis begins.</summary>
    public const double Bottom = Height - 46;

    private const int MostDots = 30;

    /// <summary>Writes the chart, or nothing where it has no point.</summary>
    public void Write(HtmlWriter html)
    {
        if (!Curves.Any(c => c.Points.Any(p => double.IsFinite(p.Y))))
            return;
        html.Raw("<figure class=\"card chart\"><figcaption><h3>").Text(Title).Raw("</h3><ul class=\"legend\">");
        foreach (Curve curve in Curves.Count > 1 ? Curves : [])
            html.Markup($"<li><svg class=\"key\" viewBox=\"0 0 28 10\" aria-hidden=\"true\"><path class=\"line s{curve.Style}\" d=\"M0 5H28\"/></svg>").Text(curve.Name).Raw("</li>");
        html.Markup($"</ul></figcaption><svg viewBox=\"0 0 {Number(Width)} {Number(Height)}\" role=\"img\" aria-label=\"").Text(Summary()).Raw("\">");
        WriteAxes(html);
        foreach (Curve curve in Curves)
            WriteCurve(html, curve);
        html.Raw("</svg></figure>\n");
    }

    /// <summary>Where a value lies on the drawing.</summary>
    public double XOf(double value) => Left + (X.Place(value) * (Right - Left));

    /// <summary>Where a value lies on the drawing; y runs down.</summary>
    public double YOf(double value) => Bottom - (Y.Place(value) * (Bottom - Top));

    private string Summary() => $"{Title}: " + string.Join("; ", Curves
        .Where(c => c.Points.Any(p => double.IsFinite(p.Y)))
        .Select(c => (c.Name, Last: c.Points.Last(p => double.IsFinite(p.Y))))
        .Select(c => $"{c.Name} {Value(c.Last.Y)} at {XLabel} {Value(c.Last.X)}"));

    private void WriteAxes(HtmlWriter html)
    {
        foreach (double tick in Y.Ticks)
        {
            double y = YOf(tick);
            html.Markup($"<path class=\"grid\" d=\"M{Number(Left)} {Number(y)}H{Number(Right)}\"/>");
            html.Markup($"<text class=\"tick\" x=\"{Number(Left - 8)}\" y=\"{Number(y)}\" dy=\".35em\" text-anchor=\"end\">").Text(Y.Label(tick)).Raw("</text>");
        }
        foreach (double tick in X.Ticks)
        {
            double x = XOf(tick);
            html.Markup($"<path class=\"axis\" d=\"M{Number(x)} {Number(Bottom)}v5\"/>");
            html.Markup($"<text class=\"tick\" x=\"{Number(x)}\" y=\"{Number(Bottom + 9)}\" dy=\".8em\" text-anchor=\"middle\">").Text(X.Label(tick)).Raw("</text>");
        }
        html.Markup($"<path class=\"axis\" d=\"M{Number(Left)} {Number(Bottom)}H{Number(Right)}\"/>");
        html.Markup($"<text class=\"label\" x=\"{Number((Left + Right) / 2)}\" y=\"{Number(Height - 5)}\" text-anchor=\"middle\">").Text(XLabel).Raw("</text>");
    }

    private void WriteCurve(HtmlWriter html, Curve curve)
    {
        var path = new System.Text.StringBuilder();
        bool drawing = false;
        foreach (CurvePoint point in curve.Points)
        {
            if (double.IsFinite(point.Y))
                path.Append(drawing ? 'L' : 'M').Append(Number(XOf(point.X))).Append(' ').Append(Number(YOf(point.Y)));
            drawing = double.IsFinite(point.Y);
        }
        html.Markup($"<path class=\"line s{curve.Style}\" d=\"{path}\"/>");
        CurvePoint[] finite = [.. curve.Points.Where(p => double.IsFinite(p.Y))];
        // A line of one point cannot be seen.
        if (!curve.Marked && finite.Length != 1)
            return;
        // Many dots would hide the line: they stay to be pointed at.
        string size = finite.Length > MostDots ? "hint" : "dot";
        foreach (CurvePoint point in finite)
        {
            html.Markup($"<circle class=\"{size} s{curve.Style}\" cx=\"{Number(XOf(point.X))}\" cy=\"{Number(YOf(point.Y))}\" r=\"3.2\"><title>")
                .Text($"{curve.Name} {Value(point.Y)} at {XLabel} {Value(point.X)}").Raw("</title></circle>");
        }
    }

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Value(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
