namespace VkInception.Cli.Documents;

/// <summary>A picture that <c>visualize</c> wrote.</summary>
internal sealed record PictureDocument(string Kind, string Node, string File, int Width, int Height);
