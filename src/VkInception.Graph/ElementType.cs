namespace VkInception.Graph;

/// <summary>What the elements of a block of memory are.</summary>
public enum ElementType
{
    /// <summary>Four bytes: single precision, or a 32-bit integer (labels, positions).</summary>
    Float32,

    /// <summary>Two bytes: half precision, for activations, their gradients, and the weights as convolutions read them.</summary>
    Float16,

    /// <summary>Eight bytes: double precision, for everything but integers in a step that is compared with a reference.</summary>
    Float64,
}
