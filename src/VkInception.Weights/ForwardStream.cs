namespace VkInception.Weights;

/// <summary>A read-only stream of <paramref name="length"/> bytes that only runs forward; <paramref name="read"/> takes the position and fills as much of the buffer as it likes, one byte at least.</summary>
/// <param name="length">Bytes in all.</param>
/// <param name="read">Fills the buffer from a position on.</param>
/// <param name="owned">What goes with the stream.</param>
internal sealed class ForwardStream(long length, Func<long, Span<byte>, int> read, IDisposable? owned = null) : Stream
{
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
        Span<byte> wanted = buffer[..(int)Math.Min(buffer.Length, length - position)];
        if (wanted.IsEmpty) return 0;
        int count = read(position, wanted);
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

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) owned?.Dispose();
        base.Dispose(disposing);
    }
}
