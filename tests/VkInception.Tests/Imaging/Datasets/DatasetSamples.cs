using System.Buffers.Binary;
using System.IO.Compression;
using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Imaging.Datasets;

namespace VkInception.Tests.Imaging.Datasets;

/// <summary>Small data sets to test with, written to a folder.</summary>
internal static class DatasetSamples
{
    /// <summary>A picture of the folder Golden copied to each of the paths.</summary>
    public static void Pictures(TemporaryFolder folder, params string[] paths)
    {
        foreach (string path in paths)
        {
            string target = folder.PathOf(path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(PhotoSamples.PathOf(path.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? "rgb.png" : path.EndsWith(".bmp", StringComparison.OrdinalIgnoreCase) ? "rgb.bmp" : "gray.jpg"), target);
        }
    }

    /// <summary>A folder for each class with as many different pictures in it.</summary>
    public static string[] ClassFolder(TemporaryFolder folder, string parent, int classes, int images)
    {
        var paths = new List<string>();
        for (int label = 0; label < classes; label++)
        {
            string name = folder.PathOf(Path.Combine(parent, $"class{label}"));
            Directory.CreateDirectory(name);
            for (int i = 0; i < images; i++)
            {
                string path = Path.Combine(name, $"{i:D3}.bmp");
                WriteBitmap(path, 10 + i % 5, 12, (uint)(label * 1000 + i));
                paths.Add(path);
            }
        }
        return [.. paths];
    }

    /// <summary>CIFAR-10's record: the label, then planes in which byte i is derived from the image's number.</summary>
    public static byte[] CifarRecords(int count, int first = 0)
    {
        var bytes = new byte[count * 3073];
        for (int image = 0; image < count; image++)
        {
            bytes[image * 3073] = (byte)((first + image) % 10);
            for (int i = 0; i < 3072; i++) bytes[image * 3073 + 1 + i] = CifarLevel(first + image, i);
        }
        return bytes;
    }

    public static byte CifarLevel(int image, int planarIndex) => (byte)(image * 37 + planarIndex * 11 + planarIndex / 1024 * 5);

    public static byte[] Idx(byte[] elements, params int[] sizes)
    {
        var bytes = new byte[4 + 4 * sizes.Length + elements.Length];
        bytes[2] = 8;
        bytes[3] = (byte)sizes.Length;
        for (int i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + 4 * i), sizes[i]);
        elements.CopyTo(bytes, 4 + 4 * sizes.Length);
        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>Asserts the refusal and gives its one line.</summary>
    public static string Refused(ErrorCode code, TestDelegate act)
    {
        var error = Assert.Throws<VkInceptionException>(act);
        Assert.That(error!.Code, Is.EqualTo(code), error.Message);
        Assert.That(error.Message, Does.Not.Contain("\n"));
        return error.Message;
    }

    public static string Refused(ErrorCode code, string path, DatasetOptions? options = null) => Refused(code, () => Dataset.Open(path, options));

    private static void WriteBitmap(string path, int width, int height, uint seed)
    {
        Photo noise = PhotoSamples.Noise(width, height, seed);
        int stride = (width * 3 + 3) / 4 * 4;
        var bytes = new byte[54 + stride * height];
        bytes[0] = (byte)'B';
        bytes[1] = (byte)'M';
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), bytes.Length);
        bytes[10] = 54;
        bytes[14] = 40;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), -height);
        bytes[26] = 1;
        bytes[28] = 24;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++) bytes[54 + y * stride + x * 3 + c] = noise.Pixels[(y * width + x) * 3 + 2 - c];
            }
        }
        File.WriteAllBytes(path, bytes);
    }
}
