using System.Buffers.Binary;
using System.Numerics;

namespace VkInception.Weights;

/// <summary>CRC-32C (Castagnoli, RFC 3720), which TensorFlow's checkpoints are sealed with.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of what <paramref name="crc"/> is the checksum of (0 for nothing) and <paramref name="bytes"/> behind it.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>As it is written into a file, so that the checksum of data with checksums in it stays a good one (LevelDB's table format).</summary>
    public static uint Masked(uint crc) => unchecked(BitOperations.RotateRight(crc, 15) + 0xA282EAD8);
}
