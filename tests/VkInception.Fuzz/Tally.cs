namespace VkInception.Fuzz;

/// <summary>Counts of one reader.</summary>
/// <param name="Tried">Inputs.</param>
/// <param name="Read">Those that were read.</param>
/// <param name="Refused">Those refused in one line.</param>
/// <param name="Bad">The others.</param>
/// <param name="MostAllocated">Bytes that the greediest allocated.</param>
/// <param name="SlowestMilliseconds">Processor time of the slowest.</param>
/// <param name="Kept">Inputs in the corpus.</param>
/// <param name="Outcomes">Different outcomes seen.</param>
internal readonly record struct Tally(long Tried, long Read, long Refused, long Bad, long MostAllocated, double SlowestMilliseconds, long Kept, long Outcomes)
{
    public Tally Plus(Tally more) => new(
        Tried + more.Tried, Read + more.Read, Refused + more.Refused, Bad + more.Bad, Math.Max(MostAllocated, more.MostAllocated),
        Math.Max(SlowestMilliseconds, more.SlowestMilliseconds), Math.Max(Kept, more.Kept), Math.Max(Outcomes, more.Outcomes));
}
