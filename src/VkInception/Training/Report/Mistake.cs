namespace VkInception.Training;

/// <summary>An image that the network got wrong.</summary>
/// <param name="File">Where it comes from, as the data names it.</param>
/// <param name="Label">Index of its class.</param>
/// <param name="Predicted">Index of the class it was taken for.</param>
/// <param name="Probability">Probability that the network gave the wrong class, 0 to 1.</param>
/// <param name="Image">The image, reduced; null where it is not at hand.</param>
public sealed record Mistake(string File, int Label, int Predicted, double Probability, Picture? Image);
