namespace VkInception.Cli.Documents;

/// <summary><c>visualize --json</c>.</summary>
internal sealed record VisualizeDocument(string Model, string Device, string? Image, IReadOnlyList<PictureDocument> Pictures, ClassMapDocument? Map);
