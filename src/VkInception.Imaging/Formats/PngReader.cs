using System.Buffers.Binary;

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
