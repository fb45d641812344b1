using System.Buffers.Binary;

namespace VkInception.Weights;

/// <summary>A sorted table of keys and values, as LevelDB defined it and TensorFlow writes its checkpoints; values stay in the file.</summary>
/// <remarks>
/// The last 48 bytes: handles (offset and size as varints) of the metaindex and of the index, filled up, and a magic number.
/// A block: entries, then the offsets of restarts and their number, each 4 bytes; behind it a byte for its compression and its masked CRC-32C.
/// An entry: how much of the last key it begins with, how much key follows, how long the value is (varints), the rest of the key, the value.
/// The index' values are the handles of the blocks.
/// </remarks>
internal sealed class TableFile
{
    private const ulong Magic = 0xDB47_7524_8B80_FB57;
    private const int FooterLength = 48, TrailerLength = 5, LongestKey = 1 << 14, ChunkBytes = 1 << 16;
    private readonly ProtobufWindow window;
    private readonly CheckpointFile file;

    private TableFile(ProtobufWindow window)
    {
        this.window = window;
        file = window.File;
    }

    /// <summary>Whether a file ends as a table does.</summary>
    public static bool Matches(CheckpointFile file)
    {
        if (file.Length < FooterLength) return false;
        Span<byte> magic = stackalloc byte[8];
        file.Read(file.Length - magic.Length, magic);
        return BinaryPrimitives.ReadUInt64LittleEndian(magic) == Magic;
    }

    /// <summary>The entries in the order of their keys; blocks are checked as they are reached.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>, <see cref="ErrorCode.FileRefused"/> (too many entries)
    /// or <see cref="ErrorCode.UnsupportedFormat"/> (compressed blocks).</exception>
    public static IEnumerable<TableEntry> Read(ProtobufWindow window)
    {
        var table = new TableFile(window);
        long end = table.file.Length - FooterLength, position = end;
        table.ReadHandle(ref position, table.file.Length - 8);
        ProtobufRange index = table.ReadHandle(ref position, table.file.Length - 8);
        long reached = 0;
        foreach (TableEntry block in table.ReadBlock(index))
        {
            long handle = block.Value.Offset;
            ProtobufRange range = table.ReadHandle(ref handle, block.Value.End);
            // Blocks that overlap would make a small file seem to hold without end.
            if (range.Offset < reached) throw table.Damaged(handle, "its blocks overlap");
            reached = range.End;
            foreach (TableEntry entry in table.ReadBlock(range)) yield return entry;
        }
    }

    private IEnumerable<TableEntry> ReadBlock(ProtobufRange block)
    {
        CheckSeal(block);
        Span<byte> four = stackalloc byte[4];
        if (block.Length < four.Length) throw Damaged(block.Offset, $"a block of {block.Length} bytes is too short");
        file.Read(block.End - four.Length, four);
        long restarts = BinaryPrimitives.ReadUInt32LittleEndian(four);
        long end = block.End - 4 * (restarts + 1);
        if (end < block.Offset) throw Damaged(block.Offset, $"a block of {block.Length} bytes claims {restarts} restarts");
        return ReadEntries(block.Offset, end);
    }

    private IEnumerable<TableEntry> ReadEntries(long position, long end)
    {
        byte[] key = [];
        while (position < end)
        {
            ulong shared = ReadVarint(ref position, end), added = ReadVarint(ref position, end), length = ReadVarint(ref position, end);
            if (shared > (ulong)key.Length || added > LongestKey - shared || added > (ulong)(end - position) || length > (ulong)(end - position) - added)
                throw Damaged(position, "an entry runs over the end of its block");
            window.Charge(1 + (int)((shared + added) >> 8));
            var whole = new byte[shared + added];
            key.AsSpan(0, (int)shared).CopyTo(whole);
            file.Read(position, whole.AsSpan((int)shared));
            key = whole;
            position += (long)added;
            yield return new TableEntry(key, new ProtobufRange(position, (long)length));
            position += (long)length;
        }
    }

    private ProtobufRange ReadHandle(ref long position, long end)
    {
        ulong offset = ReadVarint(ref position, end), size = ReadVarint(ref position, end);
        ulong last = (ulong)(file.Length - FooterLength);
        if (offset > last || size > last - offset || last - offset - size < TrailerLength) throw Damaged(position, $"a block of {size} bytes at {offset} lies outside the file");
        return new ProtobufRange((long)offset, (long)size);
    }

    private void CheckSeal(ProtobufRange block)
    {
        Span<byte> trailer = stackalloc byte[TrailerLength];
        file.Read(block.End, trailer);
        if (trailer[0] != 0) throw file.Unsupported($"has blocks compressed by method {trailer[0]}; TensorFlow writes checkpoints uncompressed, write it anew.");
        uint crc = 0;
        var chunk = new byte[(int)Math.Min(ChunkBytes, block.Length + 1)];
        // The byte for the compression is under the seal.
        for (long at = block.Offset, end = block.End + 1; at < end;)
        {
            int count = (int)Math.Min(chunk.Length, end - at);
            file.Read(at, chunk.AsSpan(0, count));
            crc = Crc32C.Append(crc, chunk.AsSpan(0, count));
            at += count;
        }
        if (Crc32C.Masked(crc) != BinaryPrimitives.ReadUInt32LittleEndian(trailer[1..])) throw Damaged(block.Offset, "a block fails its checksum");
    }

    private ulong ReadVarint(ref long position, long end)
    {
        ulong value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            if (position >= end) throw Damaged(position, "a number runs over the end of its block");
            byte b = window[position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        throw Damaged(position, "a number is longer than nine bytes");
    }

    private VkInceptionException Damaged(long position, string what) => file.Damaged($"byte {position}: {what}; the checkpoint is damaged.");
}
