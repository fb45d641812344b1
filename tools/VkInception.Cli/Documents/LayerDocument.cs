namespace VkInception.Cli.Documents;

/// <summary>One layer of <c>summary --json</c>.</summary>
internal sealed record LayerDocument(
    string Name, string Type, string Attributes, IReadOnlyList<int> OutputShape, long Parameters, long MultiplyAdds);
