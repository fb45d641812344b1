using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VkInception.Weights;

namespace VkInception.Fuzz.Mutations;

/// <summary>Edits a zip file by its members: names, methods, sizes, offsets, checksums, and contents by mutations of their own.</summary>
/// <param name="inner">How the content of a member is spoilt, by the end of its name.</param>
internal sealed class ZipMutation(params (string End, Mutation Mutation)[] inner) : Mutation
{
    private static readonly string[] names =
        ["../../etc/passwd", "/etc/passwd", "..\\..\\x", "C:\\x", "a.npy", "archive/data.pkl", "archive/data/0", "archive/byteorder", "archive/code/x.py", "x/", "", "\0", "a\nb.npy", new string('n', 60_000), "a.npy.npy", ".npy"];

    private static readonly ByteMutation bytes = new();

    public override byte[]? Apply(byte[] input, Random random, byte[] other)
    {
        if (input.Length > 1 << 18 || Parse(input) is not { Count: > 0 } parts) return null;
        int at = random.Next(parts.Count);
        ZipPart part = parts[at];
        switch (random.Next(14))
        {
            case 0: part.Name = Encoding.Latin1.GetBytes(names[random.Next(names.Length)]); break;
            case 1: parts.RemoveAt(at); break;
            case 2: parts.InsertRange(at, Enumerable.Repeat(part, Times(random, 3, 4000, 76 + part.Data.Length + 2 * part.Name.Length))); break;
            case 3: part.Method = (ushort)random.Next(random.Next(4) == 0 ? 100 : 10); break;
            case 4: part.Flags ^= (ushort)(1 << random.Next(16)); break;
            case 5: part.Size = unchecked((uint)Number(random, part.Size)); break;
            case 6: part.ClaimedCompressed = unchecked((uint)Number(random, part.Data.Length)); break;
            case 7: part.ClaimedOffset = unchecked((uint)Number(random, random.Next(input.Length))); break;
            case 8: part.Crc = random.Next(2) == 0 ? 0 : part.Crc ^ 1; break;
            case 9: part.Extra = Zip64(random); break;
            default: Spoil(part, random, other); break;
        }
        return Write(parts, random);
    }

    private void Spoil(ZipPart part, Random random, byte[] other)
    {
        Mutation mutation = inner.FirstOrDefault(i => Encoding.Latin1.GetString(part.Name).EndsWith(i.End, StringComparison.Ordinal)).Mutation ?? bytes;
        byte[]? content = part.Method == 0 ? part.Data : Unpack(part.Data);
        if (content is null || (mutation.Apply(content, random, other) ?? bytes.Apply(content, random, other)) is not { } spoilt) return;
        bool packed = random.Next(3) == 0;
        part.Method = (ushort)(packed ? 8 : 0);
        part.Data = packed ? Pack(spoilt) : spoilt;
        part.Size = (uint)spoilt.Length;
        part.Crc = Crc32.Append(0, spoilt);
    }

    private static byte[] Zip64(Random random)
    {
        var extra = new byte[4 + random.Next(4) * 8];
        extra[0] = 1;
        extra[2] = (byte)(extra.Length - 4);
        for (int i = 4; i < extra.Length; i += 8) BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(i), Number(random, 100));
        return extra;
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write(content);
        return packed.ToArray();
    }

    private static byte[]? Unpack(byte[] packed)
    {
        try
        {
            using var content = new MemoryStream();
            using var deflate = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            for (int read = deflate.Read(buffer); read > 0 && content.Length < 1 << 20; read = deflate.Read(buffer)) content.Write(buffer, 0, read);
            return content.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    // Only files whose directory is sound are taken apart; others are left to the mutations of bytes.
    private static List<ZipPart>? Parse(byte[] file)
    {
        int end = file.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || file.Length - end < 22) return null;
        var parts = new List<ZipPart>();
        int at = (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(end + 16)));
        while (at <= end - 46 && file.AsSpan(at).StartsWith("PK\u0001\u0002"u8))
        {
            ReadOnlySpan<byte> entry = file.AsSpan(at);
            int name = BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]), extra = BinaryPrimitives.ReadUInt16LittleEndian(entry[30..]);
            long local = BinaryPrimitives.ReadUInt32LittleEndian(entry[42..]), length = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
            if (entry.Length < 46 + name || local + 30 > file.Length) return null;
            ReadOnlySpan<byte> header = file.AsSpan((int)local);
            long data = local + 30 + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            if (data + length > file.Length) return null;
            parts.Add(new ZipPart
            {
                Name = entry.Slice(46, name).ToArray(),
                Method = BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]),
                Flags = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]) & ~8),
                Crc = BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]),
                Size = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]),
                Data = file[(int)data..(int)(data + length)],
            });
            at += 46 + name + extra + BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
        }
        return parts;
    }

    private static byte[] Write(List<ZipPart> parts, Random random)
    {
        using var file = new MemoryStream();
        using var directory = new MemoryStream();
        foreach (ZipPart part in parts)
        {
            uint offset = part.ClaimedOffset ?? (uint)file.Length;
            file.Write("PK\u0003\u0004"u8);
            Common(file, part);
            file.Write(part.Name);
            file.Write(part.Data);
            directory.Write("PK\u0001\u0002\u0014\0"u8);
            Common(directory, part, part.Extra.Length);
            directory.Write(new byte[10]);
            directory.Write(BitConverter.GetBytes(offset));
            directory.Write(part.Name);
            directory.Write(part.Extra);
        }
        uint begin = (uint)file.Length, count = (uint)parts.Count;
        if (random.Next(16) == 0) count = unchecked((uint)Number(random, count));
        file.Write(directory.ToArray());
        file.Write("PK\u0005\u0006\0\0\0\0"u8);
        file.Write(BitConverter.GetBytes((ushort)count));
        file.Write(BitConverter.GetBytes((ushort)count));
        file.Write(BitConverter.GetBytes(random.Next(16) == 0 ? unchecked((uint)Number(random, directory.Length)) : (uint)directory.Length));
        file.Write(BitConverter.GetBytes(random.Next(16) == 0 ? unchecked((uint)Number(random, begin)) : begin));
        file.Write([0, 0]);
        return file.ToArray();
    }

    private static void Common(Stream target, ZipPart part, int extra = 0)
    {
        target.Write([20, 0]);
        target.Write(BitConverter.GetBytes(part.Flags));
        target.Write(BitConverter.GetBytes(part.Method));
        target.Write(new byte[4]);
        target.Write(BitConverter.GetBytes(part.Crc));
        target.Write(BitConverter.GetBytes(part.ClaimedCompressed ?? (uint)part.Data.Length));
        target.Write(BitConverter.GetBytes(part.Size));
        target.Write(BitConverter.GetBytes((ushort)part.Name.Length));
        target.Write(BitConverter.GetBytes((ushort)extra));
    }
}
