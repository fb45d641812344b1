using System.Buffers.Binary;

namespace VkInception.Weights;

/// <summary>The elements of a repeated field as little-endian bytes, packed or not, decoded from the file as they are read.</summary>
/// <param name="file">The file that the message lies in.</param>
/// <param name="message">The message whose field is read.</param>
/// <param name="field">The repeated field's number.</param>
/// <param name="element">How one element lies in the file.</param>
/// <param name="size">Bytes of one element that come out: the low ones.</param>
/// <param name="length">Bytes in all, as counted before.</param>
internal sealed class ProtobufElementStream(CheckpointFile file, ProtobufRange message, int field, ProtobufWireType element, int size, long length) : Stream
{
    private readonly byte[] pending = new byte[8];
    private IEnumerator<ulong>? elements;
    private int left;
    private long position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Position { get => position; set => throw new NotSupportedException("The stream only runs forward."); }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        elements ??= ProtobufReader.Elements(new ProtobufWindow(file), message, field, element).GetEnumerator();
        int done = 0;
        while (done < buffer.Length && (left > 0 || Refill()))
        {
            int part = Math.Min(left, buffer.Length - done);
            pending.AsSpan(size - left, part).CopyTo(buffer[done..]);
            left -= part;
            done += part;
        }
        position += done;
        return done;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is buffered for writing.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream only runs forward.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The stream is read-only.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is read-only.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        elements?.Dispose();
        base.Dispose(disposing);
    }

    private bool Refill()
    {
        if (!elements!.MoveNext()) return false;
        BinaryPrimitives.WriteUInt64LittleEndian(pending, elements.Current);
        left = size;
        return true;
    }
}
