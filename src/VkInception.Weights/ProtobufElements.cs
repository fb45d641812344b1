namespace VkInception.Weights;

/// <summary>Counts the elements of one repeated numeric field while its message is walked, so that they can be streamed later.</summary>
/// <param name="field">The field's number.</param>
/// <param name="element">How one element lies in the file.</param>
internal sealed class ProtobufElements(int field, ProtobufWireType element)
{
    private ProtobufRange? packed;
    private int pieces;

    /// <summary>Elements seen so far.</summary>
    public long Count { get; private set; }

    /// <summary>Counts the current field of <paramref name="reader"/>, which is this one.</summary>
    public void Add(ProtobufReader reader)
    {
        Count += reader.CountElements(element);
        packed = pieces++ == 0 && reader.Wire == ProtobufWireType.Bytes ? reader.Body : null;
    }

    /// <summary>Streams the elements as little-endian values of <paramref name="size"/> bytes.</summary>
    /// <param name="file">The file that is read.</param>
    /// <param name="message">The message that was walked.</param>
    /// <param name="size">Bytes that come out per element.</param>
    public Stream Open(CheckpointFile file, ProtobufRange message, int size)
    {
        int stored = element switch { ProtobufWireType.Fixed32 => 4, ProtobufWireType.Fixed64 => 8, _ => 0 };
        if (packed is { } run && size == stored) return file.OpenSlice(run.Offset, run.Length);
        return ProtobufElementStream.Open(file, message, field, element, size, Count * size);
    }
}
