namespace VkInception.Cli.Documents;

/// <summary><c>evaluate --json</c>; the figures are those of the last row of <c>Table</c>.</summary>
internal sealed record EvaluateDocument(
    string Model, string Device, string Precision, string Data, IReadOnlyList<string> Weights, int Crops, int Images, double Top1, double Top5, double Loss, double ImagesPerSecond,
    IReadOnlyList<string> Classes, IReadOnlyList<IReadOnlyList<int>> Confusion, IReadOnlyList<string> Models, IReadOnlyList<EvaluationRowDocument> Table);
