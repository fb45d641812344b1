namespace VkInception.Imaging.Datasets;

/// <summary>Images and the class of each, as a reader found them.</summary>
/// <param name="Where">The file or folder that they come from, for messages.</param>
/// <param name="Images">The images.</param>
/// <param name="Labels">The class of each.</param>
internal sealed record LabelledImages(string Where, IImageSource Images, int[] Labels);
