using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace VkInception.Benchmarks.Suite;

/// <summary>Runs the suite on the device that <c>auto</c> takes (VKINCEPTION_DEVICE chooses another) and writes <c>suite.json</c>, <c>suite.md</c> and <c>suite.html</c>.</summary>
internal static class SuiteCommand
{
    private const int LeastRuns = 3;
    private const int MostRuns = 200;

    public static int Run(SuiteOptions options)
    {
        Directory.CreateDirectory(options.Out);
        var rows = new List<SuiteRow>();
        var layers = new List<LayerTable>();
        Peaks? peaks = null;
        SubjectReady? ready = null;
        foreach ((string group, string label, SubjectOptions subject) in Subjects(options))
        {
            Console.Error.WriteLine($"{group}: {label}");
            try
            {
                using var process = new SubjectProcess(subject);
                rows.Add(Measure(process, options.Quick ? 1000 : 3000) with { Group = group, Label = label });
                ready ??= process.Ready;
                // Whatever else the machine does can only lower them.
                if (group == Groups.Batch || options.Quick) peaks = Best(peaks, process.Peaks());
                if (group == Groups.Batch && subject.Batch <= 8 && process.Layers() is { Length: > 0 } found) layers.Add(new LayerTable(subject.Batch, found));
            }
            catch (VkInceptionException e)
            {
                // A batch for which there is no memory, a precision that the device lacks: a row that says so.
                rows.Add(new SuiteRow(group, null, 0, 0, 0, 0, 0, e.Message) { Label = label });
            }
        }
        if (ready is null || peaks is null) throw new VkInceptionException(ErrorCode.InvalidArgument, $"nothing could be measured: {rows[0].Missing}");
        Write(options, new SuiteResult(DateTime.Now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Machine(), ready.Device, ready.Driver, options.Model, peaks, [.. rows], [.. layers]));
        return 0;
    }

    private static IEnumerable<(string Group, string Label, SubjectOptions Subject)> Subjects(SuiteOptions options)
    {
        var plain = new SubjectOptions { Model = options.Model };
        foreach (int batch in (int[])(options.Quick ? [1, 8] : [1, 8, 32, 128]))
            yield return (Groups.Batch, $"batch {batch}", plain with { Batch = batch });
        foreach (int size in (int[])(options.Quick ? [112, 224] : [112, 160, 224, 320, 448]))
            yield return (Groups.Size, $"{size}×{size}", plain with { Size = size });
        foreach (int batch in (int[])(options.Quick ? [1] : [1, 8, 32]))
            yield return (Groups.Train, $"batch {batch}", plain with { Batch = batch, Train = true });
        if (options.Quick) yield break;
        yield return (Groups.Half, "fp16, batch 1", plain with { Precision = "fp16" });
        yield return (Groups.Half, "fp16, batch 8", plain with { Precision = "fp16", Batch = 8 });
        yield return (Groups.Half, "mixed training step, batch 8", plain with { Precision = "mixed", Batch = 8, Train = true });
    }

    private static Peaks Best(Peaks? known, Peaks found)
        => known is null ? found : new Peaks(Math.Max(known.Gflops, found.Gflops), Math.Max(known.GigabytesPerSecond, found.GigabytesPerSecond));

    private static SuiteRow Measure(SubjectProcess process, int milliseconds)
    {
        // Caches and clocks settle; what one run takes says how many fit.
        double one = process.Run(2).Ms.Min();
        SubjectTimes times = process.Run(Math.Clamp((int)(milliseconds / one), LeastRuns, MostRuns));
        double[] sorted = [.. times.Ms.Order()];
        double median = (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
        return new SuiteRow("", process.Ready, median, sorted[0], sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(sorted.Length * 0.95) - 1)], sorted.Length, times.PeakBytes, null);
    }

    private static void Write(SuiteOptions options, SuiteResult result)
    {
        AtomicFile.Write(Path.Combine(options.Out, "suite.json"), JsonSerializer.SerializeToUtf8Bytes(result, SuiteJson.Default.SuiteResult));
        AtomicFile.Write(Path.Combine(options.Out, "suite.md"), System.Text.Encoding.UTF8.GetBytes(SuiteMarkdown.Of(result)));
        AtomicFile.Write(Path.Combine(options.Out, "suite.html"), System.Text.Encoding.UTF8.GetBytes(SuitePage.Of(result)));
        Console.Out.WriteLine(Path.Combine(options.Out, "suite.html"));
    }

    private static string Machine()
    {
        string processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? ""
            : RuntimeInformation.ProcessArchitecture.ToString();
        return $"{processor}, {Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.OSDescription}";
    }
}
