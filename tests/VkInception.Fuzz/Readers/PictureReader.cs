using System.Buffers.Binary;
using VkInception.Fuzz.Mutations;
using VkInception.Imaging;
using VkInception.Weights;

namespace VkInception.Fuzz.Readers;

/// <summary><see cref="Photo.Decode"/> with the codec of the system, and the way to a network's input.</summary>
internal sealed class PictureReader : Reader
{
    private const int MostPixels = 1 << 20;

    private static readonly PhotoOptions options = new() { MaxPixels = MostPixels };
    private readonly Mutation[] grammar;
    private readonly string extension;

    private PictureReader(string name, string extension, params Mutation[] grammar)
        : base(name)
    {
        this.extension = extension;
        this.grammar = grammar;
    }

    public static IReadOnlyList<Reader> All { get; } =
    [
        new PictureReader("jpeg", ".jpg", new ChunkMutation(JpegSegments, 2, 2)),
        new PictureReader("png", ".png", new ChunkMutation(PngChunks, 0, 4), new NumberMutation(true, (16, 4), (20, 4), (24, 1), (25, 1), (26, 1), (27, 1), (28, 1))),
        new PictureReader("bmp", ".bmp", new NumberMutation(false, (2, 4), (10, 4), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2), (30, 4), (34, 4), (46, 4), (50, 4))),
        new PictureReader("gif", ".gif", new NumberMutation(false, (6, 2), (8, 2), (10, 1), (11, 1)), new ChunkMutation(GifBlocks, 0, 2)),
    ];

    public override IReadOnlyList<byte[]> Seeds => field ??= Resources.All("pictures", extension);

    public override IReadOnlyList<Mutation> Grammar => grammar;

    // Pixels, and for turned pictures as many again; the codec's own memory is not counted here.
    public override long Allowance => 8L * MostPixels;

    public override string Read(byte[] input)
    {
        Photo photo = Photo.Decode(input, $"picture{extension}", options);
        return $"{(photo.Width > photo.Height ? "wide" : "tall")} {(photo.Width < 64 ? "small" : "large")}";
    }

    // Chunks' checksums; whatever is no chunk stays.
    public override byte[] Seal(byte[] input)
    {
        if (extension != ".png") return input;
        byte[] copy = [.. input];
        int at = 0;
        foreach (int length in PngChunks(copy))
        {
            if (at > 0 && length >= 12 && length <= copy.Length - at)
                BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(at + length - 4), Crc32.Append(0, copy.AsSpan(at + 4, length - 8)));
            at += length;
        }
        return copy;
    }

    private static IEnumerable<int> JpegSegments(byte[] file)
    {
        if (file is not [0xFF, 0xD8, ..]) yield break;
        yield return 2;
        for (int at = 2; at + 4 <= file.Length && file[at] == 0xFF;)
        {
            int length = 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
            // A scan runs on to the next marker.
            if (file[at + 1] == 0xDA)
                while (at + length + 1 < file.Length && !(file[at + length] == 0xFF && file[at + length + 1] is not 0 and not (>= 0xD0 and <= 0xD7))) length++;
            yield return length;
            at += length;
        }
    }

    private static IEnumerable<int> PngChunks(byte[] file)
    {
        if (file.Length < 20) yield break;
        yield return 8;
        for (int at = 8; at + 12 <= file.Length;)
        {
            int length = (int)Math.Min(1 << 20, BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at))) + 12;
            yield return length;
            at += length;
        }
    }

    private static IEnumerable<int> GifBlocks(byte[] file)
    {
        if (file.Length < 14) yield break;
        int at = 13 + ((file[10] & 0x80) == 0 ? 0 : 3 << ((file[10] & 7) + 1));
        yield return at;
        while (at + 10 < file.Length)
        {
            int begin = at;
            if (file[at] == 0x21) at += 2;
            else if (file[at] == 0x2C) at += 11 + ((file[at + 9] & 0x80) == 0 ? 0 : 3 << ((file[at + 9] & 7) + 1));
            else yield break;
            while (at < file.Length && file[at] != 0) at += file[at] + 1;
            yield return ++at - begin;
        }
    }
}
