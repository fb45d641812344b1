namespace VkInception.Cli.Documents;

/// <summary><c>import --json</c>.</summary>
internal sealed record ImportDocument(
    string Source, string Format, string Sha256, string Model, string Output, IReadOnlyList<MappingDocument> Mapped, IReadOnlyList<string> MissingAuxiliary, IReadOnlyList<string> Notes);
