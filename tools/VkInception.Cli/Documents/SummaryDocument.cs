namespace VkInception.Cli.Documents;

/// <summary><c>summary --json</c>: batch 1, auxiliary heads left out.</summary>
internal sealed record SummaryDocument(
    string Model, IReadOnlyList<int> InputShape, long Parameters, long MultiplyAdds, IReadOnlyList<LayerDocument> Layers);
