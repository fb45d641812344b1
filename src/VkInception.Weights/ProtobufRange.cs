namespace VkInception.Weights;

/// <summary>Where a message, a string or packed elements lie in a file; always within it.</summary>
/// <param name="Offset">First byte in the file.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct ProtobufRange(long Offset, long Length)
{
    /// <summary>First byte behind the range.</summary>
    public long End => Offset + Length;
}
