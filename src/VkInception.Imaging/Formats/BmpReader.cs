using System.Buffers.Binary;

namespace VkInception.Imaging;

/// <summary>Reads a bitmap's headers (BITMAPFILEHEADER and the OS/2 or Windows information header).</summary>
internal static class BmpReader
{
    private const int CoreHeaderSize = 12, InfoHeaderSize = 40;
    private const uint Uncompressed = 0, RunLength8 = 1, RunLength4 = 2, BitFields = 3;

    public static ImageHeader Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length < 26) throw Damage.Truncated(name, "BMP");
        uint headerSize = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]);
        if (headerSize != CoreHeaderSize && headerSize is < InfoHeaderSize or > 1024) throw Damage.Found(name, "the BMP has an information header of an unknown size");
        if (file.Length < 14 + headerSize) throw Damage.Truncated(name, "BMP");

        bool core = headerSize == CoreHeaderSize;
        int width = core ? BinaryPrimitives.ReadUInt16LittleEndian(file[18..]) : BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        int height = core ? BinaryPrimitives.ReadUInt16LittleEndian(file[20..]) : BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(file[(core ? 24 : 28)..]);
        uint compression = core ? Uncompressed : BinaryPrimitives.ReadUInt32LittleEndian(file[30..]);
        if (width < 0 || height == int.MinValue) throw Damage.Found(name, "the BMP claims an impossible size");
        if (bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32) || compression > BitFields)
            throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{name}: is a BMP of {bits} bits and compression {compression}, which is not read; convert it to PNG");

        height = Math.Abs(height);
        if (compression is RunLength8 or RunLength4) DemandRuns(file, name, width, height, compression);
        else DemandPixels(file, name, width, height, bits);
        return new ImageHeader(ImageFormat.Bmp, width, height, 1);
    }

    private static void DemandPixels(ReadOnlySpan<byte> file, string name, int width, int height, int bits)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        UInt128 stride = ((UInt128)width * (uint)bits + 31) / 32 * 4;
        if (offset + stride * (uint)height > (uint)file.Length) throw Damage.Truncated(name, "BMP");
    }

    // Runs are pairs of bytes: (count, index); (0, 0) ends a row, (0, 1) the picture, (0, 2) moves by the next pair, (0, n) is followed by n indices padded to a word.
    private static void DemandRuns(ReadOnlySpan<byte> file, string name, int width, int height, uint compression)
    {
        long position = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        long x = 0, y = 0;
        while (y < height && !(y == height - 1 && x >= width))
        {
            if (position > file.Length - 2) throw Damage.Truncated(name, "BMP");
            byte count = file[(int)position], value = file[(int)position + 1];
            position += 2;
            if (count > 0)
            {
                x += count;
                continue;
            }
            if (value == 1) return;
            if (value == 0)
            {
                x = 0;
                y++;
            }
            else if (value == 2)
            {
                if (position > file.Length - 2) throw Damage.Truncated(name, "BMP");
                x += file[(int)position];
                y += file[(int)position + 1];
                position += 2;
            }
            else
            {
                int bytes = compression == RunLength8 ? value : (value + 1) / 2;
                position += (bytes + 1) & ~1;
                x += value;
                if (position > file.Length) throw Damage.Truncated(name, "BMP");
            }
        }
    }
}
