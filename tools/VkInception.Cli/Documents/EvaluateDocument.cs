namespace VkInception.Cli.Documents;

/// <summary><c>evaluate --json</c>.</summary>
internal sealed record EvaluateDocument(
    string Model, string Device, string Precision, string Data, IReadOnlyList<string> Weights, int Crops, int Images, double Top1, double Top5, double Loss, double ImagesPerSecond,
    IReadOnlyList<string> Classes, IReadOnlyList<IReadOnlyList<int>> Confusion);
