namespace VkInception.Imaging.Datasets;

/// <summary>What a reader found.</summary>
/// <param name="ClassNames">The classes in the order of the labels.</param>
/// <param name="Named">Whether the data names its classes; otherwise the names are their numbers.</param>
/// <param name="Training">The training images, or all images; null when they are not there or not wanted.</param>
/// <param name="Evaluation">The evaluation images; null when there are none.</param>
/// <param name="Notices">What was passed over, a line each.</param>
internal sealed record DatasetContents(IReadOnlyList<string> ClassNames, bool Named, LabelledImages? Training, LabelledImages? Evaluation, IReadOnlyList<string> Notices);
