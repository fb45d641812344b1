using System.Runtime.InteropServices;

namespace VkInception.Weights;

/// <summary>Little-endian bytes of values in memory, without a copy of the whole.</summary>
internal sealed class ElementStream<T>(ReadOnlyMemory<T> values, ElementType type) : Stream
    where T : unmanaged
{
    private long position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => (long)values.Length * type.Size();

    /// <inheritdoc/>
    public override long Position { get => position; set => throw new NotSupportedException("The stream only runs forward."); }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int size = type.Size();
        int first = (int)(position / size);
        int skip = (int)(position % size);
        int elements = Math.Min(values.Length - first, (buffer.Length + skip + size - 1) / size);
        // Bounds what is copied where bytes must be swapped.
        elements = Math.Min(elements, 1 << 13);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values.Span.Slice(first, elements));
        if (!BitConverter.IsLittleEndian)
        {
            byte[] swapped = bytes.ToArray();
            type.ReverseEndianness(swapped);
            bytes = swapped;
        }
        int count = Math.Min(buffer.Length, bytes.Length - skip);
        bytes.Slice(skip, count).CopyTo(buffer);
        position += count;
        return count;
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
}
