namespace VkInception.Weights;

/// <summary>A member's content, forward only: never more than its declared size, its checksum compared when the end is reached.</summary>
internal sealed class ZipMemberStream(CheckpointFile file, ZipMember member, Stream source) : Stream
{
    private long position;
    private uint crc;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => member.Size;

    /// <inheritdoc/>
    public override long Position { get => position; set => throw new NotSupportedException("The stream only runs forward."); }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, member.Size - position);
        if (wanted == 0)
            return 0;
        int read = ReadSource(buffer[..wanted]);
        if (read == 0)
            throw file.Damaged($"zip member '{member.Name}' ends after {position} of {member.Size} bytes.");
        crc = Crc32.Append(crc, buffer[..read]);
        position += read;
        if (position == member.Size)
            CheckEnd();
        return read;
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
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }

    private int ReadSource(Span<byte> buffer)
    {
        try
        {
            return source.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw file.Damaged($"zip member '{member.Name}' does not decompress.", e);
        }
    }

    private void CheckEnd()
    {
        Span<byte> more = stackalloc byte[1];
        if (ReadSource(more) != 0)
            throw file.Refused($"zip member '{member.Name}' decompresses to more than the {member.Size} bytes that it declares.");
        // Writers that skip the checksum leave zero.
        if (crc != member.Crc && member.Crc != 0)
            throw file.Damaged($"zip member '{member.Name}' fails its checksum; fetch the file again.");
    }
}
