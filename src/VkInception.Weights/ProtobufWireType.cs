namespace VkInception.Weights;

/// <summary>How a protobuf field's value lies in the file; groups (3, 4) are long retired and refused.</summary>
internal enum ProtobufWireType
{
    /// <summary>A variable-length integer of at most ten bytes.</summary>
    Varint = 0,
    /// <summary>Eight bytes, little-endian.</summary>
    Fixed64 = 1,
    /// <summary>A length and that many bytes: a message, a string, packed elements.</summary>
    Bytes = 2,
    /// <summary>Four bytes, little-endian.</summary>
    Fixed32 = 5,
}
