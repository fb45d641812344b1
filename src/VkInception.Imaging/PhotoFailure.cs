namespace VkInception.Imaging;

/// <summary>A file of a batch that could not be loaded; the others still are.</summary>
/// <param name="Index">Its place in the list of files.</param>
/// <param name="Path">The file.</param>
/// <param name="Error">Why, in one line.</param>
public sealed record PhotoFailure(int Index, string Path, VkInceptionException Error);
