namespace VkInception.Training;

/// <summary>A network of an ensemble, and where its views lie in each image of a stream.</summary>
/// <param name="Model">The network; all members of an ensemble have the same batch, which has nothing to do with the stream's.</param>
/// <param name="Offset">Floats from the beginning of an image's views to those of this network's input; networks of one preprocessing share theirs.</param>
public sealed record EvaluationMember(CompiledModel Model, int Offset);
