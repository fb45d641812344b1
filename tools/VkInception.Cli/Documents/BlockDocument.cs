namespace VkInception.Cli.Documents;

/// <summary>One block of the arena in <c>plan --json</c>, alive from the first level to the last.</summary>
internal sealed record BlockDocument(string Tensor, long Offset, long Bytes, int FirstLevel, int LastLevel);
