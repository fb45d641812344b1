namespace VkInception.Reference;

/// <summary>Gradients of an operation's inputs and parameters, in their order.</summary>
public sealed record Gradients(Values[] Inputs, Values[] Parameters);
