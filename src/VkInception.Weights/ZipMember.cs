namespace VkInception.Weights;

/// <summary>One member of a zip file; its bytes lie within the file and overlap no other member's.</summary>
/// <param name="Name">As stored, with forward slashes.</param>
/// <param name="Deflated">Compressed with deflate; stored as it is otherwise.</param>
/// <param name="Crc">CRC-32 of the content.</param>
/// <param name="CompressedSize">Bytes in the file.</param>
/// <param name="Size">Bytes of the content.</param>
/// <param name="DataOffset">Where the bytes start in the file.</param>
internal sealed record ZipMember(string Name, bool Deflated, uint Crc, long CompressedSize, long Size, long DataOffset);
