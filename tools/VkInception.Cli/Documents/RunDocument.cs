namespace VkInception.Cli.Documents;

/// <summary><c>run --json</c>.</summary>
internal sealed record RunDocument(string Model, string Device, string Precision, string Input, string Output, string Tensor, IReadOnlyList<int> Shape, double Milliseconds);
