using System.Diagnostics;
using System.Globalization;

namespace VkInception.Fuzz;

/// <summary>Runs a worker per reader, in processes of their own: a reader may overflow its stack, crash in a codec, or hang, and the others go on.</summary>
internal sealed class Supervisor(FuzzOptions options)
{
    private const int MostRestarts = 20;
    private const double LongestWallSeconds = 30;
    private const long MostResident = 1500L << 20;
    private readonly Lock output = new();

    public int Run()
    {
        IReadOnlyList<string> names = options.Readers.Count > 0 ? options.Readers : [.. ReaderList.All.Select(r => r.Name)];
        double seconds = options.Seconds * options.Jobs / names.Count;
        Console.WriteLine(Row("reader", "mutations", "read", "refused", "bad", "outcomes", "per second", "slowest ms", "most MB"));
        var tallies = new Tally[names.Count];
        Parallel.For(0, names.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Jobs }, i => tallies[i] = Watch(names[i], seconds));
        Tally all = tallies.Aggregate(default(Tally), (a, b) => a.Plus(b));
        Console.WriteLine($"fuzz: {all.Tried} mutations, {all.Bad} bad{(all.Bad > 0 ? $"; the inputs lie in {options.Out}" : "")}");
        return all.Bad > 0 || tallies.Any(t => t.Tried == 0) ? 1 : 0;
    }

    private Tally Watch(string name, double seconds)
    {
        string path = Path.Combine(Path.GetTempPath(), $"vkinception-fuzz-{Environment.ProcessId}-{name}");
        long start = Stopwatch.GetTimestamp();
        Tally tally;
        try
        {
            using var trial = new Trial(path);
            for (int restart = 0; restart <= MostRestarts; restart++)
            {
                double left = seconds - Stopwatch.GetElapsedTime(start).TotalSeconds;
                if (left <= 0 || trial.Tally.Tried >= (options.Iterations ?? long.MaxValue)) break;
                if (RunWorker(name, path, left, restart, trial) is not { } trouble) break;
                byte[] input = trial.Input;
                trial.End(trial.Tally with { Tried = trial.Tally.Tried + 1, Bad = trial.Tally.Bad + 1 });
                lock (output) Console.WriteLine($"{name}: {trouble}; kept as {Findings.Write(options.Out, name, input, trouble)}.bin");
            }
            tally = trial.Tally;
        }
        finally
        {
            File.Delete(path);
        }
        double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        lock (output)
            Console.WriteLine(Row(name, $"{tally.Tried}", $"{tally.Read}", $"{tally.Refused}", $"{tally.Bad}", $"{tally.Outcomes}", $"{tally.Tried / took:F0}", $"{tally.SlowestMilliseconds:F0}", $"{tally.MostAllocated / 1e6:F1}"));
        return tally;
    }

    /// <summary>Null where the worker came to its end, else what it died of.</summary>
    private string? RunWorker(string name, string path, double seconds, int restart, Trial trial)
    {
        string[] iterations = options.Iterations is { } most ? ["--iterations", $"{most}"] : [], corpus = options.Corpus is { } folder ? ["--corpus", folder] : [];
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardError = true,
        };
        // Inputs of a megabyte now and then would have the collector at work all the time: this halves the time of some readers.
        start.Environment["DOTNET_GCgen0size"] = "0x2000000";
        string[] own = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(Supervisor).Assembly.Location] : [];
        foreach (string word in (string[])[.. own, "--worker", path, "--reader", name, "--seed", $"{options.Seed + restart}", "--seconds", seconds.ToString("F3", CultureInfo.InvariantCulture), "--out", options.Out, .. iterations, .. corpus])
            start.ArgumentList.Add(word);
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string? trouble = Attend(process, trial);
        process.WaitForExit();
        if (trouble is not null || process.ExitCode == 0) return trouble;
        string[] lines = error.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return $"the process died ({process.ExitCode}): {string.Join(" | ", lines.Take(12))}";
    }

    /// <summary>Kills a worker that computes on one input for over two seconds, or stands still, or grows without bound.</summary>
    private static string? Attend(Process process, Trial trial)
    {
        long number = -1, since = 0;
        TimeSpan spent = default;
        while (!process.WaitForExit(100))
        {
            try
            {
                process.Refresh();
                if (trial.Number != number)
                {
                    (number, since, spent) = (trial.Number, Stopwatch.GetTimestamp(), process.TotalProcessorTime);
                    if (process.WorkingSet64 > MostResident) return Kill(process, $"resident memory of {process.WorkingSet64 >> 20} MB");
                    continue;
                }
                double computed = (process.TotalProcessorTime - spent).TotalSeconds, waited = Stopwatch.GetElapsedTime(since).TotalSeconds;
                // Beyond the judge's own bound: what ends by itself is judged there.
                bool hangs = computed > 3 * Judge.LongestSeconds, stands = waited > LongestWallSeconds;
                if (trial.Number == 0 || !(hangs || stands)) continue;
                if (hangs || !IsHeldBack(process)) return Kill(process, $"hang: {computed:F1} s of processor time, {waited:F1} s in all");
                since = Stopwatch.GetTimestamp();
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or IOException)
            {
                // It ended between two questions.
                break;
            }
        }
        return null;
    }

    /// <summary>Whether the worker would go on if the machine let it: another program stopped it, or has the processors. Only what waits for something hangs.</summary>
    private static bool IsHeldBack(Process process)
    {
        string stat = $"/proc/{process.Id}/stat";
        if (!OperatingSystem.IsLinux() || !File.Exists(stat)) return false;
        string text = File.ReadAllText(stat);
        return text[text.LastIndexOf(')') + 2] is 'T' or 't' or 'R';
    }

    private static string Kill(Process process, string why)
    {
        process.Kill();
        return why;
    }

    private static string Row(params string[] cells) => string.Join("  ", cells.Select((c, i) => i == 0 ? c.PadRight(18) : c.PadLeft(10)));
}
