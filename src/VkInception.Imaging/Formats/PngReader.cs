using System.Buffers.Binary;
using System.IO.Compression;

namespace VkInception.Imaging;

/// <summary>Walks a PNG's chunks (ISO/IEC 15948, clause 5).</summary>
internal static class PngReader
{
    private const int ChunkOverhead = 12;

    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static ImageHeader Read(ReadOnlySpan<byte> file, string name)
    {
        ReadOnlySpan<byte> rest = file[Magic.Length..];
        ReadOnlySpan<byte> header = NextChunk(ref rest, name, out ReadOnlySpan<byte> type);
        if (!type.SequenceEqual("IHDR"u8) || header.Length != 13) throw Damage.Found(name, "the PNG does not begin with a sound header");

        uint width = BinaryPrimitives.ReadUInt32BigEndian(header), height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (width > int.MaxValue || height > int.MaxValue) throw Damage.Found(name, "the PNG claims an impossible size");

        int orientation = 1;
        bool dataSeen = false;
        do
        {
            ReadOnlySpan<byte> content = NextChunk(ref rest, name, out type);
            dataSeen |= type.SequenceEqual("IDAT"u8);
            if (type.SequenceEqual("eXIf"u8)) orientation = ExifOrientation.Read(content);
        }
        while (!type.SequenceEqual("IEND"u8));
        if (!dataSeen) throw Damage.Found(name, "the PNG holds no picture");
        return new ImageHeader(ImageFormat.Png, (int)width, (int)height, orientation);
    }

    /// <summary>The file without what plays no part in its pixels: a decoder never sees text, profiles or other compressed extras.</summary>
    public static byte[] Essential(ReadOnlySpan<byte> file, string name)
    {
        var kept = new byte[file.Length];
        int length = Magic.Length;
        file[..length].CopyTo(kept);
        ReadOnlySpan<byte> rest = file[length..];
        ReadOnlySpan<byte> type;
        do
        {
            ReadOnlySpan<byte> before = rest;
            NextChunk(ref rest, name, out type);
            // An upper-case first letter marks a critical chunk; transparency turns palette entries into alpha, which is dropped.
            if ((type[0] & 0x20) != 0) continue;
            ReadOnlySpan<byte> whole = before[..^rest.Length];
            whole.CopyTo(kept.AsSpan(length));
            length += whole.Length;
        }
        while (!type.SequenceEqual("IEND"u8));
        return kept[..length];
    }

    /// <summary>Refuses a picture whose compressed rows end early: decoders leave the rest as it was, which is other memory's content.</summary>
    public static void DemandRows(ReadOnlySpan<byte> file, string name)
    {
        ReadOnlySpan<byte> rest = file[Magic.Length..];
        long expected = FilteredLength(NextChunk(ref rest, name, out ReadOnlySpan<byte> type), name);
        using var compressed = new MemoryStream(rest.Length);
        while (!type.SequenceEqual("IEND"u8))
        {
            ReadOnlySpan<byte> content = NextChunk(ref rest, name, out type);
            if (type.SequenceEqual("IDAT"u8)) compressed.Write(content);
        }
        compressed.Position = 0;
        try
        {
            using var rows = new ZLibStream(compressed, CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            while (expected > 0)
            {
                int read = rows.Read(buffer);
                if (read == 0) throw Damage.Found(name, "the PNG's rows end early");
                expected -= read;
            }
        }
        // A stream that asks for a dictionary is no invalid data to .NET, but an IOException.
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{name}: the PNG's compressed rows are corrupt", e);
        }
    }

    // Bytes of all rows, each with its filter byte; interlaced pictures are seven smaller ones (clause 8).
    private static long FilteredLength(ReadOnlySpan<byte> header, string name)
    {
        long width = BinaryPrimitives.ReadUInt32BigEndian(header), height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        int samples = header[9] switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => throw Damage.Found(name, "the PNG has an unknown colour type") };
        int bits = samples * header[8];
        if (header[12] == 0) return Rows(width, height);
        return Rows((width + 7) / 8, (height + 7) / 8) + Rows((width + 3) / 8, (height + 7) / 8) + Rows((width + 3) / 4, (height + 3) / 8)
            + Rows((width + 1) / 4, (height + 3) / 4) + Rows((width + 1) / 2, (height + 1) / 4) + Rows(width / 2, (height + 1) / 2) + Rows(width, height / 2);

        long Rows(long across, long down) => across == 0 ? 0 : down * (1 + (across * bits + 7) / 8);
    }

    private static ReadOnlySpan<byte> NextChunk(scoped ref ReadOnlySpan<byte> rest, string name, out ReadOnlySpan<byte> type)
    {
        if (rest.Length < ChunkOverhead) throw Damage.Truncated(name, "PNG");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - ChunkOverhead) throw Damage.Truncated(name, "PNG");
        type = rest.Slice(4, 4);
        ReadOnlySpan<byte> content = rest.Slice(8, (int)length);
        rest = rest[((int)length + ChunkOverhead)..];
        return content;
    }
}
