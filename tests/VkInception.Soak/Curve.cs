using System.Globalization;
using System.Text;

namespace VkInception.Soak;

/// <summary>Samples over the rounds of one kind of work, and whether anything grows.</summary>
/// <remarks>
/// Flat: over the rounds behind the first third (what is cached at first use is cached by then) the line of least squares through the samples rises by less than
/// each measure's allowance. Memory of the process gets 4 MiB, and 1 KiB a round more where devices come and go, for the driver's own compiler keeps some; objects 256 KiB;
/// device memory, handles and threads less than one.
/// </remarks>
public sealed class Curve(string work, IReadOnlyList<Sample> samples, long residentAllowance)
{
    private static readonly string[] Heads = ["rounds", "resident MiB", "managed MiB", "device MiB", "handles", "threads"];

    private readonly (string Name, Func<Sample, double> Of, double Allowance, double Unit)[] measures =
    [
        ("resident memory", s => s.ResidentBytes, residentAllowance, 1 << 20),
        ("managed memory", s => s.ManagedBytes, 256 << 10, 1 << 20),
        ("device memory", s => s.DeviceBytes, 1, 1 << 20),
        ("file handles", s => s.Handles, 1, 1),
        ("threads", s => s.Threads, 1, 1),
    ];

    /// <summary>A line for each measure that grows.</summary>
    public IReadOnlyList<string> Growing =>
    [
        .. measures.Select(m => (Measure: m, Rise: Rise(m.Of))).Where(m => m.Rise >= m.Measure.Allowance)
            .Select(m => FormattableString.Invariant($"{work}: {m.Measure.Name} rose by {m.Rise:n0} over the last {Span} rounds, {m.Measure.Allowance:n0} is allowed")),
    ];

    private Sample[] Settled => [.. samples.Skip(samples.Count / 3)];

    private int Span => Settled[^1].Rounds - Settled[0].Rounds;

    /// <summary>The samples as a table, with the rise of each measure in the last row.</summary>
    public string Table()
    {
        var text = new StringBuilder("| ").AppendJoin(" | ", Heads.Prepend(work)).AppendLine(" |").Append('|');
        for (int i = 0; i <= Heads.Length; i++) text.Append("---|");
        text.AppendLine();
        foreach (Sample s in samples)
            text.AppendLine(CultureInfo.InvariantCulture, $"| | {s.Rounds} | {s.ResidentBytes / 1048576.0:f1} | {s.ManagedBytes / 1048576.0:f2} | {s.DeviceBytes / 1048576.0:f1} | {s.Handles} | {s.Threads} |");
        text.Append(CultureInfo.InvariantCulture, $"| rise | last {Span} |");
        foreach ((string _, Func<Sample, double> of, double _, double unit) in measures) text.Append(CultureInfo.InvariantCulture, $" {Rise(of) / unit:f2} |");
        return text.AppendLine().ToString();
    }

    /// <summary>How much the line of least squares rises from the first settled sample to the last.</summary>
    private double Rise(Func<Sample, double> of)
    {
        Sample[] settled = Settled;
        double meanX = settled.Average(s => (double)s.Rounds), meanY = settled.Average(of);
        double covariance = settled.Sum(s => (s.Rounds - meanX) * (of(s) - meanY)), variance = settled.Sum(s => (s.Rounds - meanX) * (s.Rounds - meanX));
        return covariance / variance * Span;
    }
}
