namespace VkInception.Cli.Documents;

/// <summary><c>gradients --json</c>.</summary>
internal sealed record GradientsDocument(string Model, string Device, string Precision, string Output, double Loss, IReadOnlyList<double> HeadLosses, int Correct, int Batch, int Parameters);
