namespace VkInception.Cli.Documents;

/// <summary><c>tune --json</c>; milliseconds on the device.</summary>
internal sealed record TuneDocument(
    string Model, string Device, string Driver, string Precision, int Batch, bool Train, double Seconds, bool Complete, string? File, double HeuristicMs, double TunedMs,
    IReadOnlyList<TunedWorkDocument> Works);
