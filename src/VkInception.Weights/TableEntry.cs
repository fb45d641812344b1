namespace VkInception.Weights;

/// <summary>A key of a table file, and where its value lies.</summary>
/// <param name="Key">As written.</param>
/// <param name="Value">Where the value lies in the file.</param>
internal sealed record TableEntry(byte[] Key, ProtobufRange Value);
