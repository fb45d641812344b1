using System.Buffers.Binary;

namespace VkInception.Imaging;

/// <summary>Walks a GIF's blocks (GIF89a specification) to the end of its first frame.</summary>
internal static class GifReader
{
    private const byte ExtensionIntroducer = 0x21, GraphicControlLabel = 0xF9, ImageSeparator = 0x2C, Trailer = 0x3B;

    public static ImageHeader Read(ReadOnlySpan<byte> file, string name)
    {
        FirstFrameEnd(file, name, out _);
        return new ImageHeader(ImageFormat.Gif, Word(file, 6), Word(file, 8), 1);
    }

    /// <summary>A file of the first frame alone, its transparent index an ordinary colour: the frames after it are never decoded.</summary>
    public static byte[] FirstFrame(ReadOnlySpan<byte> file, string name)
    {
        int end = FirstFrameEnd(file, name, out int graphicControl);
        var first = new byte[end + 1];
        file[..end].CopyTo(first);
        first[end] = Trailer;
        if (graphicControl >= 0) first[graphicControl] &= 0xFE;
        return first;
    }

    // graphicControl: where the flags lie whose lowest bit says that one index is transparent; -1 for none.
    private static int FirstFrameEnd(ReadOnlySpan<byte> file, string name, out int graphicControl)
    {
        graphicControl = -1;
        if (file.Length < 13) throw Damage.Truncated(name, "GIF");
        int position = 13 + ColourTableSize(file[10]);
        while (true)
        {
            switch (At(file, position, name))
            {
                case ExtensionIntroducer:
                    if (At(file, position + 1, name) == GraphicControlLabel && At(file, position + 2, name) >= 1) graphicControl = position + 3;
                    position = SkipSubBlocks(file, position + 2, name);
                    break;
                case ImageSeparator:
                    DemandInside(file, position, name);
                    position += 10 + ColourTableSize(At(file, position + 9, name)) + 1;
                    return SkipSubBlocks(file, position, name);
                case Trailer:
                    throw Damage.Found(name, "the GIF holds no picture");
                default:
                    throw Damage.Found(name, "the GIF has a block of an unknown kind");
            }
        }
    }

    // The screen's size is what limits are checked against, so a frame must not exceed it.
    private static void DemandInside(ReadOnlySpan<byte> file, int position, string name)
    {
        if (file.Length - position < 10) throw Damage.Truncated(name, "GIF");
        int left = Word(file, position + 1), top = Word(file, position + 3), width = Word(file, position + 5), height = Word(file, position + 7);
        if (width == 0 || height == 0 || left + width > Word(file, 6) || top + height > Word(file, 8))
            throw Damage.Found(name, "the GIF's first frame has no pixels or leaves its screen");
    }

    private static int Word(ReadOnlySpan<byte> file, int position) => BinaryPrimitives.ReadUInt16LittleEndian(file[position..]);

    private static int SkipSubBlocks(ReadOnlySpan<byte> file, int position, string name)
    {
        while (true)
        {
            int size = At(file, position, name);
            position += size + 1;
            if (size == 0) return position;
        }
    }

    private static int ColourTableSize(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static byte At(ReadOnlySpan<byte> file, int position, string name)
        => position < file.Length ? file[position] : throw Damage.Truncated(name, "GIF");
}
