using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>Files that are pieces of one run of bytes.</summary>
internal sealed class JoinedFiles
{
    private readonly ImmutableArray<CheckpointFile> files;
    private readonly long[] ends;

    private JoinedFiles(ImmutableArray<CheckpointFile> files)
    {
        this.files = files;
        ends = new long[files.Length];
        for (int i = 0; i < ends.Length; i++) ends[i] = checked((i == 0 ? 0 : ends[i - 1]) + files[i].Length);
    }

    /// <summary>Bytes in all files together.</summary>
    public long Length => ends is [.., long end] ? end : 0;

    /// <summary>The files in their order; they stay their owner's.</summary>
    public static JoinedFiles Of(IEnumerable<CheckpointFile> files) => new([.. files]);

    /// <summary>A stream over everything.</summary>
    public Stream OpenWhole() => OpenSlice(0, Length);

    /// <summary>An independent stream over a part, which must lie within the run.</summary>
    public Stream OpenSlice(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        return new ForwardStream(length, (position, buffer) => ReadSome(offset + position, buffer));
    }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>; it must lie within the run.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int read = ReadSome(offset, destination);
            offset += read;
            destination = destination[read..];
        }
    }

    /// <summary>Fills the buffer, or less of it where a file ends.</summary>
    private int ReadSome(long position, Span<byte> buffer)
    {
        int at = Array.BinarySearch(ends, position + 1);
        if (at < 0) at = ~at;
        // Empty files end where the one before them does.
        while (at > 0 && ends[at - 1] > position) at--;
        long start = ends[at] - files[at].Length;
        int count = (int)Math.Min(buffer.Length, ends[at] - position);
        files[at].Read(position - start, buffer[..count]);
        return count;
    }
}
