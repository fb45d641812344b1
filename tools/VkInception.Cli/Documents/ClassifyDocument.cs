namespace VkInception.Cli.Documents;

/// <summary>One image of <c>classify --json</c>; images that could not be read are left out.</summary>
internal sealed record ClassifyDocument(string File, IReadOnlyList<PredictionDocument> Predictions);
