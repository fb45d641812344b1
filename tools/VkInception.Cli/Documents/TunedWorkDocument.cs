namespace VkInception.Cli.Documents;

/// <summary>One piece of convolution work of <c>tune --json</c>.</summary>
internal sealed record TunedWorkDocument(
    string Work, int Count, string? Kernel, double? Milliseconds, string Heuristic, double? HeuristicMilliseconds, bool Known, IReadOnlyList<TunedCandidateDocument> Candidates);
