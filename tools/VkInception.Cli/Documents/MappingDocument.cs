namespace VkInception.Cli.Documents;

/// <summary>A tensor of the source and the parameter that takes it.</summary>
internal sealed record MappingDocument(string Source, string Parameter, IReadOnlyList<int> Shape);
