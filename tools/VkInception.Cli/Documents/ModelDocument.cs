namespace VkInception.Cli.Documents;

/// <summary>One network of <c>models --json</c>.</summary>
internal sealed record ModelDocument(
    string Name, string Title, string Paper, int Year, IReadOnlyList<int> InputShape, string Published, string Weights, long Parameters, long MultiplyAdds);
