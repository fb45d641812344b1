using System.Globalization;
using System.Text;

namespace VkInception.Benchmarks.Suite;

/// <summary>The suite's result as Markdown.</summary>
internal static class SuiteMarkdown
{
    public static string Of(SuiteResult result)
    {
        var text = new StringBuilder();
        Line($"# {result.Model} on {result.Device}");
        Line($"");
        Line($"{Summary(result)}");
        foreach (string group in Groups.All)
        {
            SuiteRow[] rows = [.. result.Rows.Where(r => r.Group == group)];
            if (rows.Length == 0) continue;
            Line($"\n## {group}\n");
            Line($"| | {string.Join(" | ", RowHeads)} |");
            Line($"|---|{string.Concat(RowHeads.Select(_ => "---|"))}");
            foreach (SuiteRow row in rows) Line($"| {row.Label} | {string.Join(" | ", row.Missing is { } why ? [$"missing: {why}"] : Cells(row, result.Peaks))} |");
        }
        foreach (LayerTable table in result.Layers)
        {
            Line($"\n## Layers at batch {table.Batch}\n");
            Table(table.Layers);
            Line($"\n## Kernels at batch {table.Batch}\n");
            Table(table.Kernels);
        }
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        void Table(IEnumerable<LayerTime> layers)
        {
            Line($"| | {string.Join(" | ", LayerHeads)} |");
            Line($"|---|{string.Concat(LayerHeads.Select(_ => "---|"))}");
            foreach (LayerTime layer in layers) Line($"| {layer.Layer} | {string.Join(" | ", Cells(layer, result.Peaks))} |");
        }
    }

    public static string[] RowHeads => ["median ms", "fastest ms", "95th percentile ms", "images/s", "GFLOP/s", "of the peak", "first result ms", "arena MB", "parameters MB", "device memory MB", "process at most MB"];

    public static string[] LayerHeads => ["kernel", "ms", "GFLOP/s", "GB/s", "of what binds it", "bound by"];

    public static string Summary(SuiteResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{result.Machine}. Driver: {result.Driver}. {result.Date}. Measured peaks: {result.Peaks.Gflops:F1} GFLOP/s of fp32 multiply-adds, {result.Peaks.GigabytesPerSecond:F1} GB/s of memory, read and written.");

    public static string[] Cells(SuiteRow row, Peaks peaks) =>
    [
        Number(row.MedianMs), Number(row.MinMs), Number(row.P95Ms), Number(row.ImagesPerSecond), Number(row.Gflops), Share(row.Gflops / peaks.Gflops), Text($"{row.Ready!.FirstResultMs:F0}"),
        Megabytes(row.Ready.ArenaBytes), Megabytes(row.Ready.ParameterBytes), Megabytes(row.Ready.DeviceBytes), Megabytes(row.ProcessBytes),
    ];

    public static string[] Cells(LayerTime layer, Peaks peaks) =>
    [
        layer.Kernels, Text($"{layer.Milliseconds:F3}"), layer.MultiplyAdds > 0 ? Number(layer.Gflops) : "", Number(layer.GigabytesPerSecond),
        Share(layer.RooflineShare(peaks.Gflops, peaks.GigabytesPerSecond)), layer.IsBoundByArithmetic(peaks.Gflops, peaks.GigabytesPerSecond) ? "arithmetic" : "memory",
    ];

    private static string Number(double value) => value >= 100 ? Text($"{value:F0}") : value >= 10 ? Text($"{value:F1}") : Text($"{value:F2}");

    private static string Share(double value) => Text($"{value * 100:F0} %");

    private static string Megabytes(long bytes) => Text($"{bytes * 1e-6:F1}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
