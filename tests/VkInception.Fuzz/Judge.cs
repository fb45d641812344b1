using System.Diagnostics;
using System.Text.RegularExpressions;

namespace VkInception.Fuzz;

/// <summary>Tries an input on a reader and says whether what came of it is right.</summary>
internal sealed partial class Judge(Reader reader)
{
    public const double LongestSeconds = 2;
    private const long Spare = 256L << 20;

    /// <summary>Bytes allocated by the last input.</summary>
    public long Allocated { get; private set; }

    /// <summary>Processor milliseconds of the last input where it took long enough to be measured, else its milliseconds.</summary>
    public double Milliseconds { get; private set; }

    public Outcome Try(byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        Outcome outcome = Run(input);
        Allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TimeSpan wall = Stopwatch.GetElapsedTime(start), spent = Environment.CpuUsage.TotalTime - processor;
        // A busy machine is not the reader's fault: only what was computed counts.
        Milliseconds = Math.Min(wall.TotalMilliseconds, spent.TotalMilliseconds);
        if (outcome.Kind == OutcomeKind.Bad) return outcome;
        if (Allocated > 4L * input.Length + Spare + reader.Allowance)
            return new Outcome(OutcomeKind.Bad, $"memory: {outcome.Key}", $"{Allocated} bytes allocated for an input of {input.Length}; {outcome.Detail}");
        if (Milliseconds > 1000 * LongestSeconds)
            return new Outcome(OutcomeKind.Bad, $"time: {outcome.Key}", $"{Milliseconds:F0} ms for an input of {input.Length} bytes; {outcome.Detail}");
        return outcome;
    }

    private Outcome Run(byte[] input)
    {
        try
        {
            return new Outcome(OutcomeKind.Read, $"read: {reader.Read(input)}", "read");
        }
        catch (VkInceptionException e)
        {
            if (e.Message.Length == 0 || e.Message.Length > 4000 || e.Message.Any(c => c is '\n' or '\r' or '\u2028' or '\u2029' || (char.IsControl(c) && c != '\t')))
                return new Outcome(OutcomeKind.Bad, $"message: {Template(e.Message)}", $"a message that is no line: {e}");
            return new Outcome(OutcomeKind.Refused, $"{e.Code}: {Template(e.Message)}", e.Message);
        }
        catch (Exception e)
        {
            return new Outcome(OutcomeKind.Bad, $"{e.GetType().Name} {Frame(e)}", e.ToString());
        }
    }

    /// <summary>The first frame of ours: two failures there are taken for one.</summary>
    private static string Frame(Exception e)
        => (e.StackTrace ?? "").Split('\n').FirstOrDefault(l => l.Contains("VkInception.", StringComparison.Ordinal) && !l.Contains("VkInception.Fuzz", StringComparison.Ordinal))?.Trim() ?? "";

    /// <summary>A message without what changes from file to file: quotations, words with digits in them, marks. The first words are what tells branches apart.</summary>
    private static string Template(string message)
    {
        const int MostWords = 24;
        string plain = Quotation().Replace(message, "''");
        return string.Join(' ', plain.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.All(c => char.IsAsciiLetter(c) || c is ',' or ';' or '.' or ':')).Take(MostWords));
    }

    [GeneratedRegex("'[^']*'|\"[^\"]*\"|\\([^)]*\\)", RegexOptions.CultureInvariant)]
    private static partial Regex Quotation();
}
