namespace VkInception.Cli.Documents;

/// <summary>One tensor of <c>inspect --json</c>; the statistics are over finite elements, null where there is none.</summary>
internal sealed record TensorDocument(
    string Name, IReadOnlyList<int> Shape, string Type, double? Min, double? Max, double? Mean, double? Std, long NanCount, long InfinityCount);
