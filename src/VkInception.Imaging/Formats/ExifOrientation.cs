using System.Buffers.Binary;

namespace VkInception.Imaging;

/// <summary>Finds the orientation in an EXIF block (TIFF 6.0 structure, tag 274 of the first directory).</summary>
internal static class ExifOrientation
{
    private const ushort OrientationTag = 0x0112;

    /// <summary>1 to 8; 1 for a block that is damaged or says nothing, because a photo must not be lost to its metadata.</summary>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return 1;
        bool little = tiff.StartsWith("II"u8);
        if (!little && !tiff.StartsWith("MM"u8)) return 1;
        if (UInt16(tiff[2..], little) != 42) return 1;

        uint directory = UInt32(tiff[4..], little);
        if (directory > tiff.Length - 2) return 1;
        ReadOnlySpan<byte> entries = tiff[(int)directory..];
        int count = Math.Min(UInt16(entries, little), (entries.Length - 2) / 12);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(2 + 12 * i, 12);
            if (UInt16(entry, little) == OrientationTag) return Value(entry, little);
        }
        return 1;
    }

    private static int Value(ReadOnlySpan<byte> entry, bool little)
    {
        uint value = UInt16(entry[2..], little) switch
        {
            1 => entry[8],
            3 => UInt16(entry[8..], little),
            4 => UInt32(entry[8..], little),
            _ => 0,
        };
        return value is >= 1 and <= 8 ? (int)value : 1;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool little)
        => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool little)
        => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
