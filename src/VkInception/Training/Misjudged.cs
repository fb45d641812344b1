namespace VkInception.Training;

/// <summary>An image whose most probable class is not its label.</summary>
/// <param name="Image">Its place among the evaluation images.</param>
/// <param name="Label">Its class.</param>
/// <param name="Predicted">The most probable class.</param>
/// <param name="Probability">How probable.</param>
public sealed record Misjudged(int Image, int Label, int Predicted, double Probability);
