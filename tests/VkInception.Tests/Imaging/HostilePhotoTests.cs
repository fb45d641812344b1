using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using NUnit.Framework;
using VkInception.Imaging;

namespace VkInception.Tests.Imaging;

/// <summary>Files that are damaged or lie end in one clear line.</summary>
[TestFixture]
public sealed class HostilePhotoTests
{
    // What a flipped bit claims must not make the test slow.
    private static readonly PhotoOptions small = new() { MaxPixels = 1_000_000 };

    [TestCaseSource(typeof(PhotoSamples), nameof(PhotoSamples.Pictures))]
    public void A_truncated_file_is_refused(string picture)
    {
        byte[] whole = PhotoSamples.Read(picture);
        // A GIF's trailer, and the frames after the first, are no part of the picture; nor is the end mark of a run-length bitmap.
        int pictureEnd = picture.EndsWith(".gif", StringComparison.Ordinal) ? GifReader.FirstFrame(whole, picture).Length - 1
            : picture.StartsWith("run-length", StringComparison.Ordinal) ? whole.Length - 4
            : whole.Length;
        int step = Math.Max(1, pictureEnd / 60);
        for (int length = 0; length < pictureEnd; length += step) Refused(whole.AsSpan(0, length), ErrorCode.FileDamaged, ErrorCode.UnsupportedFormat);
        Refused(whole.AsSpan(0, pictureEnd - 1), ErrorCode.FileDamaged);
        Photo complete = Photo.Decode(whole.AsSpan(0, pictureEnd), picture);
        Assert.That(PhotoSamples.MaxDifference(complete.Pixels, PhotoSamples.Expected(picture).Pixels), Is.LessThanOrEqualTo(1));
    }

    [TestCaseSource(typeof(PhotoSamples), nameof(PhotoSamples.Pictures))]
    public void A_flipped_bit_gives_a_picture_or_one_line(string picture)
    {
        byte[] sound = PhotoSamples.Read(picture);
        var random = new Random(picture.Length * 7919 + sound.Length);
        for (int round = 0; round < 150; round++)
        {
            byte[] file = [.. sound];
            // Headers are where a flip does harm, so half of the flips go there.
            int reach = round % 2 == 0 ? Math.Min(file.Length, 64) : file.Length;
            for (int flips = random.Next(1, 4); flips > 0; flips--) file[random.Next(reach)] ^= (byte)(1 << random.Next(8));
            Survives(file);
        }
    }

    [Test]
    public void Other_formats_are_refused_before_any_codec_sees_them()
    {
        string[] others = ["<svg xmlns=\"x\"/>", "II*\0\b\0\0\0", "MM\0*\0\0\0\b", "/* XPM */", "\0\0\u0001\0", "P6 1 1 255 abc", "RIFF\0\0\0\0WEBP", "%PDF-1.4", "hello", "\u00FF", "B", "GIF88a"];
        foreach (string text in others)
            Refused(System.Text.Encoding.Latin1.GetBytes(text), ErrorCode.UnsupportedFormat);
        Refused([], ErrorCode.FileDamaged);
    }

    [Test]
    public void A_huge_size_is_refused_before_memory_is_taken()
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Refused(WithSize("rgb.png", 16, 20_000, 20_000), PhotoOptions.Default, ErrorCode.FileRefused);
        Refused(WithSize("rgb.png", 16, int.MaxValue, int.MaxValue), PhotoOptions.Default, ErrorCode.FileRefused);
        Refused(WithSize("rgb.png", 16, uint.MaxValue, 1), PhotoOptions.Default, ErrorCode.FileDamaged);
        Refused(WithSize("rgb.png", 16, 90_000_000, 1), PhotoOptions.Default, ErrorCode.FileRefused);
        Refused(WithSize("rgb.png", 16, 0, 5), PhotoOptions.Default, ErrorCode.FileDamaged);
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(1_000_000));
    }

    /// <summary>Within the limit of 100 megapixels, or at the most that the format can say, and hardly a byte behind it.</summary>
    [TestCase("baseline", 10_000, 10_000, ErrorCode.FileDamaged)]
    [TestCase("baseline", 65_500, 1_500, ErrorCode.FileDamaged)]
    [TestCase("baseline", 65_535, 65_535, ErrorCode.FileDamaged)]
    [TestCase("png", 10_000, 10_000, ErrorCode.FileDamaged)]
    [TestCase("png", 65_535, 65_535, ErrorCode.FileRefused)]
    public void Many_pixels_of_few_bytes_are_refused_before_memory_is_taken(string kind, int width, int height, ErrorCode code)
    {
        byte[] file = kind == "png" ? WithSize("rgb.png", 16, (uint)width, (uint)height) : JpegOf((ushort)width, (ushort)height);
        long before = GC.GetTotalAllocatedBytes(precise: true), resident = Environment.WorkingSet;
        Refused(file, PhotoOptions.Default, code);
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(1_000_000));
        // The codec's memory is not .NET's: 100 megapixels would be 300 MB of it.
        Assert.That(Environment.WorkingSet - resident, Is.LessThan(64L << 20));
    }

    /// <summary>Found by the fuzzer: a flag of the zlib header (RFC 1950, FDICT), which .NET answers with another exception than other damage.</summary>
    [Test]
    public void Rows_that_ask_for_a_dictionary_are_refused()
        => Assert.That(Refused(GrayPng(8, 8, flags: 0x20), ErrorCode.FileDamaged).Message, Does.Contain("rows are corrupt"));

    [Test]
    public void A_size_over_the_limit_is_read_when_the_limit_is_raised()
    {
        byte[] large = GrayPng(1_200, 900);
        VkInceptionException error = Refused(large, small, ErrorCode.FileRefused);
        Assert.That(error.Message, Does.Contain("1200x900").And.Contain("raise the limit"));
        Photo photo = Photo.Decode(large, "large", new PhotoOptions { MaxPixels = 1_200 * 900 });
        Assert.That((photo.Width, photo.Height), Is.EqualTo((1_200, 900)));
    }

    [Test]
    public void Rows_that_end_early_are_refused()
    {
        byte[] png = GrayPng(64, 64, rows: 40);
        VkInceptionException error = Refused(png, ErrorCode.FileDamaged);
        Assert.That(error.Message, Does.Contain("end early"));
    }

    [Test]
    public void A_jpeg_of_endless_scans_is_refused()
    {
        byte[] jpeg = PhotoSamples.Read("progressive.jpg");
        int scan = jpeg.AsSpan().LastIndexOf(new byte[] { 0xFF, 0xDA });
        byte[] last = jpeg[scan..^2];
        byte[] many = [.. jpeg[..^2], .. Enumerable.Repeat(last, 500).SelectMany(bytes => bytes), 0xFF, 0xD9];
        Refused(many, ErrorCode.FileRefused);
    }

    [Test]
    public void What_is_no_file_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string empty = folder.PathOf("empty.jpg"), link = folder.PathOf("link.png"), broken = folder.PathOf("broken.png");
        File.WriteAllBytes(empty, []);
        Assert.That(RefusedPath(empty, ErrorCode.FileDamaged), Does.Contain("empty"));
        Assert.That(RefusedPath(folder.Path, ErrorCode.FileNotFound), Does.Contain("folder"));
        Assert.That(RefusedPath(folder.PathOf("missing.jpg"), ErrorCode.FileNotFound), Does.Contain("no such file"));
        RefusedPath("", ErrorCode.FileNotFound);
        RefusedPath("a\0b", ErrorCode.FileNotFound);

        if (OperatingSystem.IsWindows()) return;
        File.CreateSymbolicLink(broken, folder.PathOf("nowhere"));
        RefusedPath(broken, ErrorCode.FileNotFound);
        File.CreateSymbolicLink(link, PhotoSamples.PathOf("rgb.png"));
        Assert.That(Photo.Load(link).Width, Is.EqualTo(29));
        RefusedPath("/dev/zero", ErrorCode.FileDamaged);
        string pipe = folder.PathOf("pipe.jpg");
        Assert.That(MakePipe(System.Text.Encoding.UTF8.GetBytes(pipe + "\0"), 0x1B6), Is.Zero);
        RefusedPath(pipe, ErrorCode.FileDamaged);
    }

    [Test]
    public void A_file_over_the_byte_limit_is_not_read()
    {
        var options = new PhotoOptions { MaxFileBytes = 100 };
        var error = Assert.Throws<VkInceptionException>(() => Photo.Load(PhotoSamples.PathOf("rgb.bmp"), options));
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.FileRefused));
    }

    private static void Survives(byte[] file)
    {
        try
        {
            Photo photo = Photo.Decode(file, "flipped", small);
            Assert.That(photo.Pixels.Length, Is.EqualTo(photo.Width * photo.Height * 3));
        }
        catch (VkInceptionException e)
        {
            AssertOneLine(e);
        }
    }

    private static VkInceptionException Refused(ReadOnlySpan<byte> file, params ErrorCode[] codes) => Refused(file, small, codes);

    private static VkInceptionException Refused(ReadOnlySpan<byte> file, PhotoOptions options, params ErrorCode[] codes)
    {
        byte[] copy = file.ToArray();
        var error = Assert.Throws<VkInceptionException>(() => Photo.Decode(copy, "hostile", options), $"{copy.Length} bytes");
        Assert.That(codes, Does.Contain(error!.Code), error.Message);
        AssertOneLine(error);
        return error;
    }

    private static string RefusedPath(string path, ErrorCode code)
    {
        var error = Assert.Throws<VkInceptionException>(() => Photo.Load(path));
        Assert.That(error!.Code, Is.EqualTo(code), error.Message);
        AssertOneLine(error);
        return error.Message;
    }

    private static void AssertOneLine(VkInceptionException error) => Assert.That(error.Message, Does.Contain(": ").And.Not.Contain("\n"));

    private static byte[] JpegOf(ushort width, ushort height)
    {
        byte[] file = PhotoSamples.Read("baseline-444.jpg");
        int frame = file.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0 });
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), width);
        return file;
    }

    private static byte[] WithSize(string picture, int offset, uint width, uint height)
    {
        byte[] file = PhotoSamples.Read(picture);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(offset), width);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(offset + 4), height);
        return file;
    }

    private static byte[] GrayPng(int width, int height, int? rows = null, byte? flags = null)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int row = 0; row < (rows ?? height); row++) zlib.Write(new byte[1 + width]);
        }
        byte[] stream = compressed.ToArray();
        if (flags is { } second) stream[1] = second;
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        return [0x89, .. "PNG\r\n\u001A\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, stream), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        type.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), Crc32(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }

    [DllImport("libc", EntryPoint = "mkfifo")]
    private static extern int MakePipe(byte[] zeroTerminatedPath, uint mode);
}
