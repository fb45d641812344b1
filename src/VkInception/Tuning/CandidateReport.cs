namespace VkInception.Tuning;

/// <summary>What became of one kernel.</summary>
/// <param name="Kernel">Its name.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Milliseconds">The median on the device; null where it was not timed.</param>
/// <param name="Note">Why it was left out; empty for one that was timed to the end.</param>
public sealed record CandidateReport(string Kernel, CandidateOutcome Outcome, double? Milliseconds, string Note);
