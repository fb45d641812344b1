using System.Buffers.Binary;

namespace VkInception.Weights;

/// <summary>The elements of a repeated field as little-endian bytes, packed or not, decoded from the file as they are read.</summary>
internal sealed class ProtobufElementStream : IDisposable
{
    private readonly byte[] pending = new byte[8];
    private readonly int size;
    private readonly IEnumerator<ulong> elements;
    private int left;

    private ProtobufElementStream(CheckpointFile file, ProtobufRange message, int field, ProtobufWireType element, int size)
    {
        this.size = size;
        elements = ProtobufReader.Elements(new ProtobufWindow(file), message, field, element).GetEnumerator();
    }

    /// <summary>A stream of the field's elements.</summary>
    /// <param name="file">The file that the message lies in.</param>
    /// <param name="message">The message whose field is read.</param>
    /// <param name="field">The repeated field's number.</param>
    /// <param name="element">How one element lies in the file.</param>
    /// <param name="size">Bytes of one element that come out: the low ones.</param>
    /// <param name="length">Bytes in all, as counted before.</param>
    public static ForwardStream Open(CheckpointFile file, ProtobufRange message, int field, ProtobufWireType element, int size, long length)
    {
        var source = new ProtobufElementStream(file, message, field, element, size);
        return new ForwardStream(length, (_, buffer) => source.Read(buffer), source);
    }

    public void Dispose() => elements.Dispose();

    private int Read(Span<byte> buffer)
    {
        int done = 0;
        while (done < buffer.Length && (left > 0 || Refill()))
        {
            int part = Math.Min(left, buffer.Length - done);
            pending.AsSpan(size - left, part).CopyTo(buffer[done..]);
            left -= part;
            done += part;
        }
        return done;
    }

    private bool Refill()
    {
        if (!elements.MoveNext()) return false;
        BinaryPrimitives.WriteUInt64LittleEndian(pending, elements.Current);
        left = size;
        return true;
    }
}
