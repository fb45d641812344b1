namespace VkInception.Cli.Documents;

/// <summary>A class activation map of <c>visualize --json</c>; the values row by row.</summary>
internal sealed record ClassMapDocument(string Method, string Node, int Class, string? Label, double Probability, int Height, int Width, IReadOnlyList<float> Values);
