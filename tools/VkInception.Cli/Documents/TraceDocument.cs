namespace VkInception.Cli.Documents;

/// <summary>A trace in Chrome's format, which Perfetto opens.</summary>
internal sealed record TraceDocument(IReadOnlyList<TraceEventDocument> TraceEvents, string DisplayTimeUnit = "ms");
