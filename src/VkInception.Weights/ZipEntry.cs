using System.Buffers.Binary;
using System.Text;

namespace VkInception.Weights;

/// <summary>One entry of a zip file's central directory, as it claims to be.</summary>
internal sealed record ZipEntry(string Name, bool Deflated, uint Crc, long CompressedSize, long Size, long LocalOffset)
{
    private const int FixedLength = 46;

    /// <summary>Reads the entry at the start of <paramref name="bytes"/>; <paramref name="used"/> is its length.</summary>
    public static ZipEntry Read(CheckpointFile file, ReadOnlySpan<byte> bytes, out int used)
    {
        if (bytes.Length < FixedLength || !bytes.StartsWith("PK\u0001\u0002"u8))
            throw file.Damaged("is a zip file with a damaged directory.");
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        int method = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[30..]);
        used = FixedLength + nameLength + extraLength + BinaryPrimitives.ReadUInt16LittleEndian(bytes[32..]);
        if (used > bytes.Length)
            throw file.Damaged("is a zip file with a damaged directory.");
        string name = Encoding.UTF8.GetString(bytes.Slice(FixedLength, nameLength)).Replace('\\', '/');
        if ((flags & 1) != 0)
            throw file.Unsupported($"zip member '{name}' is encrypted.");
        if (method is not (0 or 8))
            throw file.Unsupported($"zip member '{name}' is compressed by method {method}; only stored and deflated members are read.");

        long size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        long compressed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
        long local = BinaryPrimitives.ReadUInt32LittleEndian(bytes[42..]);
        ReadZip64(bytes.Slice(FixedLength + nameLength, extraLength), ref size, ref compressed, ref local);
        if (size < 0 || compressed < 0 || (method == 0 && size != compressed))
            throw file.Damaged($"zip member '{name}' claims impossible sizes ({compressed} bytes for {size}).");
        return new(name, method == 8, BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]), compressed, size, local);
    }

    // APPNOTE 4.5.3: the 64-bit fields are there only for those that are all ones in the entry, in this order.
    private static void ReadZip64(ReadOnlySpan<byte> extra, ref long size, ref long compressed, ref long local)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            ReadOnlySpan<byte> field = extra.Slice(4, length);
            extra = extra[(4 + length)..];
            if (id != 1)
                continue;
            Take(ref field, ref size);
            Take(ref field, ref compressed);
            Take(ref field, ref local);
        }
    }

    private static void Take(ref ReadOnlySpan<byte> field, ref long value)
    {
        if (value != uint.MaxValue || field.Length < 8)
            return;
        value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[8..];
    }
}
