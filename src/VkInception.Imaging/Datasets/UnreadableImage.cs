namespace VkInception.Imaging.Datasets;

/// <summary>An image of a data set that cannot be read.</summary>
/// <param name="Split">Which split it is of: <c>training</c> or <c>evaluation</c>.</param>
/// <param name="Index">Its place in the split.</param>
/// <param name="Name">Its file.</param>
/// <param name="Error">Why, in one line that names the file.</param>
public sealed record UnreadableImage(string Split, int Index, string Name, VkInceptionException Error);
