namespace VkInception.Weights;

/// <summary>A storage that a pickle refers to: where tensors' elements lie, by its key in the file.</summary>
/// <param name="Key">Names the storage within the file.</param>
/// <param name="Element">Type of the elements; null for an untyped storage, whose elements are bytes.</param>
/// <param name="Count">Elements as the pickle claims them.</param>
internal sealed record TorchStorage(string Key, ElementType? Element, long Count)
{
    /// <summary>Bytes as the pickle claims them; the count is checked to keep this within a long.</summary>
    public long ByteLength => Count * (Element?.Size() ?? 1);
}
