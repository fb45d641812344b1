namespace VkInception.Cli.Documents;

/// <summary>One kernel that <c>tune --json</c> looked at.</summary>
internal sealed record TunedCandidateDocument(string Kernel, string Outcome, double? Milliseconds, string Note);
