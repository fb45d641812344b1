namespace VkInception.Weights;

/// <summary>How one element of a tensor is stored; every type is little-endian once it has left its file.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 single precision, 4 bytes.</summary>
    Float32,
    /// <summary>IEEE 754 double precision, 8 bytes.</summary>
    Float64,
    /// <summary>IEEE 754 half precision, 2 bytes.</summary>
    Float16,
    /// <summary>The upper half of a <see cref="Float32"/>, 2 bytes.</summary>
    BFloat16,
    /// <summary>Signed, 1 byte.</summary>
    Int8,
    /// <summary>Unsigned, 1 byte.</summary>
    UInt8,
    /// <summary>Signed, 2 bytes.</summary>
    Int16,
    /// <summary>Unsigned, 2 bytes.</summary>
    UInt16,
    /// <summary>Signed, 4 bytes.</summary>
    Int32,
    /// <summary>Unsigned, 4 bytes.</summary>
    UInt32,
    /// <summary>Signed, 8 bytes.</summary>
    Int64,
    /// <summary>Unsigned, 8 bytes.</summary>
    UInt64,
    /// <summary>1 byte, zero is false, anything else is true.</summary>
    Bool,
}
