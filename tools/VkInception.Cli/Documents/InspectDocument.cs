namespace VkInception.Cli.Documents;

/// <summary><c>inspect --json</c>.</summary>
internal sealed record InspectDocument(
    string File, string Format, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<string> Notes, IReadOnlyList<TensorDocument> Tensors);
