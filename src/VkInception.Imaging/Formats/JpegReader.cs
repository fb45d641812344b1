using System.Buffers.Binary;

namespace VkInception.Imaging;

/// <summary>Walks a JPEG's markers (ITU-T T.81, annex B) from SOI to EOI.</summary>
internal static class JpegReader
{
    // Real progressive files have about ten scans; a small file of thousands keeps a decoder busy for minutes.
    private const int MaxScans = 100;

    // Huffman codes have one bit at least, and a block of 64 pixels one code at least, or one in 128 where components are sampled apart: twice that to be on the safe side.
    private const int MostPixelsPerByte = 2048;

    public static ReadOnlySpan<byte> Magic => [0xFF, 0xD8, 0xFF];

    public static ImageHeader Read(ReadOnlySpan<byte> file, string name)
    {
        int position = 2, scans = 0, width = 0, height = 0, orientation = 0;
        bool frameSeen = false, isArithmetic = false;
        while (true)
        {
            byte marker = NextMarker(file, ref position, name);
            if (marker == 0xD9) break;
            if (marker is 0x01 or 0xD8 or (>= 0xD0 and <= 0xD7)) continue;

            ReadOnlySpan<byte> segment = Segment(file, ref position, name);
            if (IsFrame(marker) && !frameSeen)
            {
                if (segment.Length < 6) throw Damage.Found(name, "the JPEG frame header is too short");
                height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
                width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
                isArithmetic = marker > 0xC8;
                frameSeen = true;
            }
            else if (marker == 0xE1 && orientation == 0 && segment.StartsWith("Exif\0\0"u8))
            {
                orientation = ExifOrientation.Read(segment[6..]);
            }
            else if (marker == 0xDA)
            {
                if (!frameSeen) throw Damage.Found(name, "the JPEG has a scan before its frame header");
                if (++scans > MaxScans) throw new VkInceptionException(ErrorCode.FileRefused, $"{name}: has more than {MaxScans} scans, which no camera or program writes; refused");
            }
        }
        if (scans == 0) throw Damage.Found(name, "the JPEG holds no picture");
        if (!isArithmetic && (long)width * height / MostPixelsPerByte > file.Length) throw Damage.Found(name, $"the JPEG's {file.Length} bytes cannot hold the {width}x{height} pixels that it claims");
        return new ImageHeader(ImageFormat.Jpeg, width, height, Math.Max(1, orientation));
    }

    // Decoders skip what is not a marker (entropy-coded data, stray bytes), so this does as well.
    private static byte NextMarker(ReadOnlySpan<byte> file, ref int position, string name)
    {
        while (true)
        {
            int offset = file[position..].IndexOf((byte)0xFF);
            if (offset < 0) break;
            position += offset;
            while (position < file.Length && file[position] == 0xFF) position++;
            if (position == file.Length) break;
            byte code = file[position++];
            if (code != 0) return code;
        }
        throw Damage.Truncated(name, "JPEG");
    }

    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> file, ref int position, string name)
    {
        if (file.Length - position < 2) throw Damage.Truncated(name, "JPEG");
        int length = BinaryPrimitives.ReadUInt16BigEndian(file[position..]);
        if (length < 2) throw Damage.Found(name, "a JPEG segment has an impossible length");
        if (file.Length - position < length) throw Damage.Truncated(name, "JPEG");
        ReadOnlySpan<byte> segment = file.Slice(position + 2, length - 2);
        position += length;
        return segment;
    }

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
