namespace VkInception.Cli.Documents;

/// <summary>One network of <c>compare --json</c>; bytes are per image, times in milliseconds, null where they were not measured or planned.</summary>
internal sealed record CompareDocument(
    string Model, int? Year, IReadOnlyList<int> InputShape, long Parameters, long MultiplyAdds, long ActivationBytes, long TrainingActivationBytes,
    long ArenaBytes, long TrainingArenaBytes, double? Top1, double? Top5, string? Published, double? MedianMs);
