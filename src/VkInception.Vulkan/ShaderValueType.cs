namespace VkInception.Vulkan;

/// <summary>Type of a push constant or specialization constant, as the SPIR-V declares it.</summary>
public enum ShaderValueType
{
    /// <summary>A buffer reference (64-bit address).</summary>
    Address,
    /// <summary><c>uint64_t</c>.</summary>
    UInt64,
    /// <summary><c>int64_t</c>.</summary>
    Int64,
    /// <summary><c>uvec2</c>, the other way to spell an address.</summary>
    UInt32Pair,
    /// <summary><c>uint</c>.</summary>
    UInt32,
    /// <summary><c>int</c>.</summary>
    Int32,
    /// <summary><c>float</c>.</summary>
    Float32,
    /// <summary><c>double</c>.</summary>
    Float64,
    /// <summary><c>bool</c> (specialization constants only).</summary>
    Bool,
    /// <summary>Anything else: vectors, matrices, arrays, structures, other widths.</summary>
    Other,
}
