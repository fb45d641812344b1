using System.Globalization;

namespace VkInception.Training;

/// <summary>An axis: its range, its ticks at round numbers, and where a value lies between its ends.</summary>
internal sealed class Axis
{
    private const int WantedTicks = 6;
    private const double Largest = 1e300;
    private readonly bool logarithmic;
    private readonly double spacing;

    private Axis(double low, double high, IReadOnlyList<double> ticks, double spacing, bool logarithmic)
    {
        Low = low;
        High = high;
        Ticks = ticks;
        this.spacing = spacing;
        this.logarithmic = logarithmic;
    }

    /// <summary>Value at the beginning.</summary>
    public double Low { get; }

    /// <summary>Value at the end.</summary>
    public double High { get; }

    /// <summary>Where the ticks are, ascending.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis that begins and ends at the given values.</summary>
    /// <param name="low">Its first value.</param>
    /// <param name="high">Its last value.</param>
    /// <param name="whole">Whether ticks stand at whole numbers only.</param>
    public static Axis Exact(double low, double high, bool whole)
    {
        (low, high) = Widen(low, high);
        double spacing = Spacing(high - low);
        if (whole)
            spacing = Math.Max(1, spacing);
        double first = Math.Ceiling((low / spacing) - 1e-9) * spacing;
        return new Axis(low, high, Between(first, high, spacing), spacing, logarithmic: false);
    }

    /// <summary>An axis that begins and ends at a tick and holds the given values.</summary>
    public static Axis Round(double low, double high)
    {
        (low, high) = Widen(low, high);
        double spacing = Spacing(high - low);
        low = Math.Floor((low / spacing) + 1e-9) * spacing;
        high = Math.Ceiling((high / spacing) - 1e-9) * spacing;
        return new Axis(low, high, Between(low, high, spacing), spacing, logarithmic: false);
    }

    /// <summary>An axis of powers of ten that holds the given positive values.</summary>
    public static Axis Logarithmic(double low, double high)
    {
        int first = (int)Math.Floor(Math.Log10(low) + 1e-4), last = (int)Math.Ceiling(Math.Log10(high) - 1e-4);
        last = Math.Max(last, first + 1);
        int step = 1 + ((last - first) / 7);
        double[] ticks = [.. Enumerable.Range(0, ((last - first) / step) + 1).Select(i => Math.Pow(10, first + (i * step)))];
        return new Axis(Math.Pow(10, first), Math.Pow(10, last), ticks, 0, logarithmic: true);
    }

    /// <summary>Where a value lies: 0 at the beginning, 1 at the end, never beyond.</summary>
    public double Place(double value)
    {
        double share = logarithmic
            ? Math.Log10(Math.Max(value, Low) / Low) / Math.Log10(High / Low)
            : (value - Low) / (High - Low);
        return Math.Clamp(share, 0, 1);
    }

    /// <summary>A tick's words, as exact as the ticks are apart.</summary>
    public string Label(double tick)
    {
        if (tick == 0)
            return "0";
        double size = Math.Abs(tick);
        if (logarithmic)
            return tick.ToString(size is >= 1e-3 and < 1e4 ? "0.###" : "0e0", CultureInfo.InvariantCulture);
        if (size >= 1e9 || spacing < 1e-4)
        {
            int digits = (int)Math.Floor(Math.Log10(size) + 1e-9) - (int)Math.Floor(Math.Log10(spacing) + 1e-9);
            return tick.ToString($"0.{new string('#', Math.Clamp(digits, 1, 4))}e0", CultureInfo.InvariantCulture);
        }
        (double unit, string suffix) = spacing >= 1e6 || (size >= 1e6 && spacing >= 1e4) ? (1e6, "M") : size >= 1e4 && spacing >= 100 ? (1e3, "k") : (1, "");
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(spacing / unit) + 1e-9));
        string text = (tick / unit).ToString("F" + Math.Min(decimals, 6).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        // 2.5 apart needs a digit that its whole multiples do not.
        if (decimals == 0 && spacing / unit % 1 > 1e-9)
            text = (tick / unit).ToString("0.#", CultureInfo.InvariantCulture);
        return text + suffix;
    }

    private static (double Low, double High) Widen(double low, double high)
    {
        // Beyond, the range itself would be no number.
        (low, high) = (Math.Clamp(low, -Largest, Largest), Math.Clamp(high, -Largest, Largest));
        if (high - low > 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
            return (low, high);
        double margin = low == 0 ? 1 : Math.Abs(low) / 2;
        return (low - (low > 0 ? margin : 0), high + margin);
    }

    private static double Spacing(double range)
    {
        double rough = range / WantedTicks;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double share = rough / power;
        return power * (share <= 1 + 1e-9 ? 1 : share <= 2 + 1e-9 ? 2 : share <= 5 + 1e-9 ? 5 : 10);
    }

    private static double[] Between(double first, double high, double spacing)
    {
        int count = (int)Math.Floor(((high - first) / spacing) + 1e-9) + 1;
        return [.. Enumerable.Range(0, Math.Max(count, 1)).Select(i => first + (i * spacing) is var tick && Math.Abs(tick) < spacing * 1e-6 ? 0 : tick)];
    }
}
