using System.Buffers.Binary;
using System.IO.Compression;

namespace VkInception;

/// <summary>Writes small pictures as PNG (W3C PNG, third edition): 8 bits a channel, gray or RGB, not interlaced.</summary>
public static class PngWriter
{
    private const int MaxSide = 1 << 16;
    private static readonly uint[] crcTable = BuildCrcTable();

    /// <summary>Encodes a picture.</summary>
    /// <param name="width">Width in pixels, up to 65 536.</param>
    /// <param name="height">Height in pixels, up to 65 536.</param>
    /// <param name="pixels">Rows from top to bottom without gaps: one byte a pixel is gray, three are R G B.</param>
    /// <returns>A whole PNG file; equal pixels give equal bytes.</returns>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when sides and pixels do not fit each other.</exception>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> pixels)
    {
        long area = (long)width * height;
        if (width is < 1 or > MaxSide || height is < 1 or > MaxSide || (pixels.Length != area && pixels.Length != 3 * area))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"a picture of {width}x{height} cannot be made of {pixels.Length} bytes; give one or three bytes a pixel");
        int channels = pixels.Length == area ? 1 : 3;
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = (byte)(channels == 1 ? 0 : 2);
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "IDAT"u8, Compress(pixels, width * channels, channels));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> pixels, int stride, int channels)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] best = new byte[stride + 1], candidate = new byte[stride + 1];
            ReadOnlySpan<byte> above = new byte[stride];
            for (int at = 0; at < pixels.Length; at += stride)
            {
                ReadOnlySpan<byte> row = pixels.Slice(at, stride);
                long smallest = long.MaxValue;
                for (byte filter = 0; filter <= 4; filter++)
                {
                    long size = Filter(filter, row, above, channels, candidate);
                    if (size >= smallest)
                        continue;
                    smallest = size;
                    (best, candidate) = (candidate, best);
                }
                zlib.Write(best);
                above = row;
            }
        }
        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    /// <summary>Applies a filter of the specification's section 9; the sum of absolute values says how well the row will compress.</summary>
    private static long Filter(byte filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int channels, Span<byte> target)
    {
        target[0] = filter;
        long sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < channels ? 0 : row[i - channels];
            int prediction = filter switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                _ => Paeth(left, above[i], i < channels ? 0 : above[i - channels]),
            };
            target[i + 1] = (byte)(row[i] - prediction);
            sum += Math.Abs((int)unchecked((sbyte)target[i + 1]));
        }
        return sum;
    }

    private static int Paeth(int left, int above, int corner)
    {
        int toLeft = Math.Abs(above - corner), toAbove = Math.Abs(left - corner), toCorner = Math.Abs(left + above - (2 * corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }

    private static void WriteChunk(Stream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(type);
        png.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~AppendCrc(AppendCrc(uint.MaxValue, type), content));
        png.Write(number);
    }

    private static uint AppendCrc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            crc = crcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return crc;
    }

    private static uint[] BuildCrcTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
