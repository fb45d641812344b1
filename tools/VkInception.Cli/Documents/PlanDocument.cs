namespace VkInception.Cli.Documents;

/// <summary><c>plan --json</c>; bytes of device memory.</summary>
internal sealed record PlanDocument(
    string Model, string Device, string Precision, int Batch, int Levels, int Launches, int Barriers, long ArenaBytes, long PeakBytes, long ParameterBytes, long DeviceBytes,
    IReadOnlyList<StepDocument> Steps, IReadOnlyList<BlockDocument> Blocks);
