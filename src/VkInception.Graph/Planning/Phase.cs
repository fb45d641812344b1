namespace VkInception.Graph.Planning;

/// <summary>What part of a run a launch belongs to.</summary>
public enum Phase
{
    /// <summary>From the input to the output.</summary>
    Forward,
    /// <summary>Computes again what the forward pass did not keep.</summary>
    Recompute,
    /// <summary>From the losses to the gradients.</summary>
    Backward,
    /// <summary>From the gradients to new weights.</summary>
    Update,
}
