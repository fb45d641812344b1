using System.Collections.Immutable;

namespace VkInception.Tuning;

/// <summary>What was found for one piece of work.</summary>
/// <param name="Work">In words: kind, element type, shapes with row strides, window.</param>
/// <param name="Count">How often the network has it.</param>
/// <param name="Kernel">The fastest kernel; null where nothing could be measured.</param>
/// <param name="Milliseconds">Its median on the device.</param>
/// <param name="Heuristic">What the estimate takes.</param>
/// <param name="HeuristicMilliseconds">Its median; null where it was not measured.</param>
/// <param name="Known">Whether an earlier run had measured it.</param>
/// <param name="Candidates">Every kernel that applies; empty where it was known or there was no time.</param>
public sealed record WorkReport(
    string Work, int Count, string? Kernel, double? Milliseconds, string Heuristic, double? HeuristicMilliseconds, bool Known, ImmutableArray<CandidateReport> Candidates);
