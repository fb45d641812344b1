using System.Globalization;

namespace VkInception.Cli;

/// <summary>Numbers as people read them.</summary>
internal static class Counts
{
    /// <summary>1 tensor, 2 tensors.</summary>
    public static string Of(long count, string what, string? plural = null) => $"{Grouped(count)} {(count == 1 ? what : plural ?? what + "s")}";

    /// <summary>6,998,552.</summary>
    public static string Grouped(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>1.583 G, 12.34 M.</summary>
    public static string Metric(double value) => value switch
    {
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.###} G"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.##} M"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.##} k"),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    /// <summary>7.6 MiB.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 30):0.#} GiB"),
        >= 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):0.#} MiB"),
        >= 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 10):0.#} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} bytes"),
    };
}
