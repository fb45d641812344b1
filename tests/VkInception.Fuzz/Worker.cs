using System.Diagnostics;

namespace VkInception.Fuzz;

/// <summary>Tries inputs on one reader until its time or number is over.</summary>
internal sealed class Worker(FuzzOptions options)
{
    private readonly Reader reader = ReaderList.Find(options.Readers[0])!;

    public int Run()
    {
        using var trial = new Trial(options.File);
        var random = new Random(unchecked((options.Seed * 16_777_619) ^ Findings.Digest(reader.Name)));
        var corpus = new Corpus([.. reader.Seeds, .. OfUser()], random);
        var judge = new Judge(reader);
        var spoiler = new Spoiler(reader, corpus, random);
        var findings = new Findings(options.Out, reader, judge, trial);
        Tally tally = trial.Tally;
        foreach (byte[] seed in reader.Seeds) corpus.Offer(seed, judge.Try(seed).Key);
        long start = Stopwatch.GetTimestamp(), most = options.Iterations ?? long.MaxValue;
        while (tally.Tried < most && Stopwatch.GetElapsedTime(start).TotalSeconds < options.Seconds)
        {
            byte[] input = spoiler.Next();
            trial.Begin(input);
            Outcome outcome = judge.Try(input);
            corpus.Offer(input, outcome.Key);
            tally = new Tally(
                tally.Tried + 1, tally.Read + (outcome.Kind == OutcomeKind.Read ? 1 : 0), tally.Refused + (outcome.Kind == OutcomeKind.Refused ? 1 : 0),
                tally.Bad + (outcome.Kind == OutcomeKind.Bad ? 1 : 0), Math.Max(tally.MostAllocated, judge.Allocated), Math.Max(tally.SlowestMilliseconds, judge.Milliseconds), corpus.Count, corpus.Outcomes);
            trial.End(tally);
            if (outcome.Kind == OutcomeKind.Bad) findings.Add(input, outcome);
        }
        return 0;
    }

    private IEnumerable<byte[]> OfUser()
    {
        if (options.Corpus is null) return [];
        string folder = Path.Combine(options.Corpus, reader.Name);
        return Directory.Exists(folder) ? Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(b => b.Length <= Trial.LargestInput) : [];
    }
}
