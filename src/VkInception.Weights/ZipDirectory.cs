using System.Buffers.Binary;
using System.IO.Compression;

namespace VkInception.Weights;

/// <summary>The central directory of a zip file (APPNOTE 6.3, zip64 included), checked before anything is decompressed.</summary>
internal sealed class ZipDirectory
{
    private const int EndLength = 22;
    private const int EntryLength = 46;
    private const int LocalLength = 30;
    private const long MaxDirectory = 16 << 20;
    private const long MaxMembers = 100_000;
    // Checkpoints of random-looking weights hardly compress; a thousandfold is a bomb, all-zero weights stay below these bounds.
    private const long BombBytes = 64 << 20;
    private const long BombRatio = 200;
    private readonly CheckpointFile file;
    private readonly Dictionary<string, ZipMember> byName = new(StringComparer.Ordinal);

    private ZipDirectory(CheckpointFile file) => this.file = file;

    /// <summary>Members in the directory's order, folders left out.</summary>
    public List<ZipMember> Members { get; } = [];

    /// <summary>Whether the head is a zip file's.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8);

    /// <summary>Reads and checks the directory.</summary>
    public static ZipDirectory Read(CheckpointFile file)
    {
        var directory = new ZipDirectory(file);
        (long offset, long length, long count) = directory.FindDirectory();
        directory.ReadEntries(offset, length, count);
        return directory;
    }

    /// <summary>The member of that exact name, or null.</summary>
    public ZipMember? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>A stream of a member's content that checks size and checksum as it goes.</summary>
    public Stream OpenMember(ZipMember member)
    {
        Stream slice = file.OpenSlice(member.DataOffset, member.CompressedSize);
        return new ZipMemberStream(file, member, member.Deflated ? new DeflateStream(slice, CompressionMode.Decompress) : slice);
    }

    /// <summary>A member's whole content, at most <paramref name="limit"/> bytes of it.</summary>
    public byte[] ReadMember(ZipMember member, int limit)
    {
        if (member.Size > limit)
            throw file.Refused($"zip member '{member.Name}' has {member.Size} bytes; {limit} are the most that is read.");
        var content = new byte[member.Size];
        using Stream stream = OpenMember(member);
        stream.ReadExactly(content);
        return content;
    }

    private (long Offset, long Length, long Count) FindDirectory()
    {
        int tailLength = (int)Math.Min(file.Length, EndLength + ushort.MaxValue);
        long tailOffset = file.Length - tailLength;
        var tail = new byte[tailLength];
        file.Read(tailOffset, tail);
        int at = FindEnd(tail);
        if (at < 0)
            throw file.Damaged("is a zip file without its directory at the end; the file is truncated.");
        ReadOnlySpan<byte> end = tail.AsSpan(at);
        long endOffset = tailOffset + at;
        long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (count == ushort.MaxValue || length == uint.MaxValue || offset == uint.MaxValue)
            (offset, length, count, endOffset) = ReadZip64End(endOffset);
        if (offset < 0 || length < 0 || offset > endOffset || length > endOffset - offset)
            throw file.Damaged("is a zip file whose directory lies outside the file.");
        if (length > MaxDirectory || count > MaxMembers)
            throw file.Refused($"is a zip file of {count} members; checkpoints have at most {MaxMembers}.");
        if (count < 0 || count > length / EntryLength)
            throw file.Damaged($"is a zip file that claims {count} members in a directory of {length} bytes.");
        return (offset, length, count);
    }

    private static int FindEnd(ReadOnlySpan<byte> tail)
    {
        for (int i = tail.Length - EndLength; i >= 0; i--)
        {
            ReadOnlySpan<byte> end = tail[i..];
            if (end.StartsWith("PK\u0005\u0006"u8) && BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) == end.Length - EndLength)
                return i;
        }
        return -1;
    }

    private (long Offset, long Length, long Count, long End) ReadZip64End(long endOffset)
    {
        Span<byte> locator = stackalloc byte[20];
        file.Read(endOffset - locator.Length, locator);
        if (!locator.StartsWith("PK\u0006\u0007"u8))
            throw file.Damaged("is a zip file that lacks its zip64 directory.");
        long end64 = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        Span<byte> end = stackalloc byte[56];
        if (end64 < 0 || end64 > endOffset - locator.Length - end.Length)
            throw file.Damaged("is a zip file whose zip64 directory lies outside the file.");
        file.Read(end64, end);
        if (!end.StartsWith("PK\u0006\u0006"u8))
            throw file.Damaged("is a zip file with a damaged zip64 directory.");
        return (BinaryPrimitives.ReadInt64LittleEndian(end[48..]), BinaryPrimitives.ReadInt64LittleEndian(end[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(end[32..]), end64);
    }

    private void ReadEntries(long offset, long length, long count)
    {
        var bytes = new byte[length];
        file.Read(offset, bytes);
        ReadOnlySpan<byte> rest = bytes;
        var extents = new List<(long Begin, long End, string Name)>();
        for (long i = 0; i < count; i++)
        {
            ZipEntry entry = ZipEntry.Read(file, rest, out int used);
            rest = rest[used..];
            ZipMember member = Locate(entry, offset);
            extents.Add((entry.LocalOffset, member.DataOffset + member.CompressedSize, member.Name));
            if (member.Name.EndsWith('/'))
                continue;
            if (!byName.TryAdd(member.Name, member))
                throw file.Damaged($"is a zip file with two members named '{member.Name}'.");
            Members.Add(member);
        }
        CheckOverlap(extents);
        CheckBomb();
    }

    private ZipMember Locate(ZipEntry entry, long directoryOffset)
    {
        Span<byte> local = stackalloc byte[LocalLength];
        if (entry.LocalOffset < 0 || entry.LocalOffset > directoryOffset - LocalLength)
            throw file.Damaged($"zip member '{entry.Name}' lies outside the file.");
        file.Read(entry.LocalOffset, local);
        if (!local.StartsWith("PK\u0003\u0004"u8))
            throw file.Damaged($"zip member '{entry.Name}' has a damaged header.");
        long data = entry.LocalOffset + LocalLength
            + BinaryPrimitives.ReadUInt16LittleEndian(local[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (data > directoryOffset || entry.CompressedSize > directoryOffset - data)
            throw file.Damaged($"zip member '{entry.Name}' claims {entry.CompressedSize} bytes, more than the file holds.");
        return new(entry.Name, entry.Deflated, entry.Crc, entry.CompressedSize, entry.Size, data);
    }

    // Overlapping members are how a small file inflates to petabytes without nesting.
    private void CheckOverlap(List<(long Begin, long End, string Name)> extents)
    {
        extents.Sort((a, b) => a.Begin.CompareTo(b.Begin));
        for (int i = 1; i < extents.Count; i++)
        {
            if (extents[i].Begin < extents[i - 1].End)
                throw file.Refused($"zip members '{extents[i - 1].Name}' and '{extents[i].Name}' overlap.");
        }
    }

    private void CheckBomb()
    {
        // Unsigned 128-bit: sizes are claims, and their sum may pass a long.
        UInt128 total = 0;
        foreach (ZipMember member in Members)
            total += (UInt128)member.Size;
        if (total > BombBytes && total > (UInt128)file.Length * BombRatio)
            throw file.Refused($"claims to decompress from {file.Length} to {total} bytes; a zip bomb is refused (store the arrays uncompressed if they are real).");
    }
}
