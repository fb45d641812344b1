using System.Buffers.Binary;
using System.Numerics;

namespace VkInception.Training;

/// <summary>TensorFlow's record framing (tensorflow/core/lib/io/record_writer).</summary>
internal static class TfRecord
{
    /// <summary>Length (8 bytes, little-endian), its masked CRC-32C, the content, its masked CRC-32C.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> content)
    {
        var record = new byte[16 + content.Length];
        BinaryPrimitives.WriteInt64LittleEndian(record, content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), Mask(Crc32C(record.AsSpan(0, 8))));
        content.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + content.Length), Mask(Crc32C(content)));
        return record;
    }

    /// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4).</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>A checksum of data that holds checksums is weak: the format rotates and shifts it.</summary>
    public static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + 0xa282ead8;
}
