namespace VkInception.Fuzz;

/// <summary>Inputs to spoil further: the seeds, and every input with an outcome that was not seen before (a poor man's coverage: messages stand for branches).</summary>
internal sealed class Corpus(IReadOnlyList<byte[]> seeds, Random random)
{
    private const int Most = 800;
    private readonly List<byte[]> entries = [.. seeds];
    private readonly HashSet<string> outcomes = new(StringComparer.Ordinal);

    public int Count => entries.Count;

    public int Outcomes => outcomes.Count;

    /// <summary>An input; the newest and the seeds a little more often than the rest.</summary>
    public byte[] Pick() => random.Next(4) switch
    {
        0 => entries[random.Next(seeds.Count)],
        1 => entries[Math.Max(0, entries.Count - 1 - random.Next(16))],
        _ => entries[random.Next(entries.Count)],
    };

    /// <summary>Keeps an input where its outcome is new.</summary>
    public void Offer(byte[] input, string outcome)
    {
        if (outcomes.Count >= 20 * Most || !outcomes.Add(outcome) || input.Length > 1 << 18) return;
        if (entries.Count < Most) entries.Add(input);
        else entries[random.Next(seeds.Count, Most)] = input;
    }
}
