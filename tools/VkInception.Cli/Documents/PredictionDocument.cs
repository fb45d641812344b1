namespace VkInception.Cli.Documents;

/// <summary>One class of an image; the label is null where no labels are known.</summary>
internal sealed record PredictionDocument(int Index, string? Label, float Probability);
