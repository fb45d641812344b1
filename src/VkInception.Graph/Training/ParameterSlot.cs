namespace VkInception.Graph.Training;

/// <summary>A parameter's place in the block of all weights.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Offset">Its first element.</param>
/// <param name="IsTrained">Whether the optimizer changes it; its gradient and optimizer state then begin at the same offset of their blocks.</param>
public sealed record ParameterSlot(Parameter Parameter, long Offset, bool IsTrained);
