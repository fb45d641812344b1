using System.Buffers.Binary;
using System.IO.Compression;

namespace VkInception.Imaging.Datasets;

/// <summary>Reads MNIST's IDX files, plain or gzipped: two zero bytes, the type 8 (unsigned byte), the number of dimensions, their sizes as 32-bit big-endian, the bytes.</summary>
internal static class IdxReader
{
    private const byte UnsignedByte = 8;
    // Deflate cannot do better (zlib's technical details: 1032 to 1).
    private const long MaxExpansion = 1032;
    // So much is believed without having seen it; more, once as much again has come.
    private const int FirstBytes = 16 << 20;

    /// <summary>Whether the folder holds training or test images in this format.</summary>
    public static bool Holds(string folder) => Find(folder, "train", "images", 3) is not null || Find(folder, "t10k", "images", 3) is not null;

    public static DatasetContents Read(string folder, bool evaluationOnly)
    {
        LabelledImages? evaluation = ReadSplit(folder, "t10k");
        LabelledImages? training = evaluationOnly && evaluation is not null ? null : ReadSplit(folder, "train");
        int classes = 1 + (training?.Labels ?? evaluation?.Labels ?? []).DefaultIfEmpty(-1).Max();
        string[]? names = ClassList.ReadIfThere(Path.Combine(folder, "labels.txt"));
        foreach (LabelledImages split in new[] { training, evaluation }.OfType<LabelledImages>())
        {
            int count = names?.Length ?? classes, wrong = Array.FindIndex(split.Labels, label => label >= count);
            if (wrong >= 0) throw Damage.Found(split.Where, $"image {wrong} has the label {split.Labels[wrong]}, which is out of range (0 to {count - 1}, by {(names is null ? "the training labels" : "labels.txt")})");
        }
        return new DatasetContents(names ?? ClassList.Numbers(classes), names is not null, training, evaluation, []);
    }

    private static LabelledImages? ReadSplit(string folder, string prefix)
    {
        if (Find(folder, prefix, "images", 3) is not { } imageFile) return null;
        if (Find(folder, prefix, "labels", 1) is not { } labelFile)
            throw new VkInceptionException(ErrorCode.FileNotFound, $"{imageFile}: its labels ({prefix}-labels-idx1-ubyte, or the same with .gz) are not beside it");
        (byte[] levels, int first, int[] sizes) = ReadFile(imageFile, 3);
        (byte[] labels, int firstLabel, int[] labelSizes) = ReadFile(labelFile, 1);
        if (labelSizes[0] != sizes[0]) throw Damage.Found(labelFile, $"has {labelSizes[0]} labels for the {sizes[0]} images of {Path.GetFileName(imageFile)}");
        var images = new ByteImages(levels, first, sizes[0], sizes[2], sizes[1], 1);
        return new LabelledImages(imageFile, images, Array.ConvertAll(labels[firstLabel..(firstLabel + sizes[0])], label => (int)label));
    }

    private static string? Find(string folder, string prefix, string what, int dimensions)
    {
        string[] names = [$"{prefix}-{what}-idx{dimensions}-ubyte", $"{prefix}-{what}.idx{dimensions}-ubyte"];
        return names.SelectMany(name => new[] { name, name + ".gz" }).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>The file's bytes, the place of the first element among them, and the sizes.</summary>
    internal static (byte[] Content, int First, int[] Sizes) ReadFile(string path, int dimensions)
    {
        byte[] file = MemoryDemand.File(path, Array.MaxLength, "a data set that is held in memory");
        if (file is not [0x1F, 0x8B, ..])
        {
            int[] sizes = Header(file, dimensions, path, out int elements);
            int first = 4 + 4 * dimensions;
            if (file.Length - first != elements) throw Damage.Found(path, $"has {file.Length - first} bytes of data, its header ({string.Join('x', sizes)}) claims {elements}");
            return (file, first, sizes);
        }
        try
        {
            return Unpack(file, dimensions, path);
        }
        catch (InvalidDataException e)
        {
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{path}: cannot be unpacked: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static (byte[] Content, int First, int[] Sizes) Unpack(byte[] file, int dimensions, string path)
    {
        using var unpacked = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        var header = new byte[4 + 4 * dimensions];
        int length = unpacked.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        int[] sizes = Header(header.AsSpan(0, length), dimensions, path, out int elements);
        if (elements > MaxExpansion * file.Length) throw Damage.Found(path, $"claims {elements} bytes ({string.Join('x', sizes)}), more than its {file.Length} compressed bytes can hold");

        (byte[] content, int read) = Content(unpacked, elements, path);
        if (read != elements) throw Damage.Found(path, $"ends after {read} of the {elements} bytes that its header ({string.Join('x', sizes)}) claims");
        if (unpacked.ReadByte() >= 0) throw Damage.Found(path, $"holds more than the {elements} bytes that its header ({string.Join('x', sizes)}) claims");
        // The stream does not miss a checksum that is cut off; the length stands behind it (RFC 1952, section 2.3.1).
        if (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(file.Length - 4)) != (uint)header.Length + (uint)elements) throw Damage.Truncated(path, "gzip");
        return (content, 0, sizes);
    }

    /// <summary>The elements, in memory that grows as they come: a header may claim a thousand times the file.</summary>
    private static (byte[] Content, int Read) Content(GZipStream unpacked, int elements, string path)
    {
        byte[] content = MemoryDemand.Bytes(Math.Min(elements, FirstBytes), path);
        int read = unpacked.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        while (read == content.Length && read < elements)
        {
            byte[] larger = MemoryDemand.Bytes(Math.Min(elements, 2L * read), path);
            content.CopyTo(larger, 0);
            content = larger;
            read += unpacked.ReadAtLeast(content.AsSpan(read), content.Length - read, throwOnEndOfStream: false);
        }
        return (content, read);
    }

    private static int[] Header(ReadOnlySpan<byte> file, int dimensions, string path, out int elements)
    {
        if (file.Length < 4 + 4 * dimensions) throw Damage.Truncated(path, "IDX");
        if (file[0] != 0 || file[1] != 0 || file[2] != UnsignedByte || file[3] != dimensions)
            throw Damage.Found(path, $"is no IDX file of bytes in {dimensions} dimensions: it begins with {Convert.ToHexString(file[..4])}, not {0x0800 + dimensions:X8}");
        var sizes = new int[dimensions];
        UInt128 product = 1;
        for (int i = 0; i < dimensions; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(file[(4 + 4 * i)..]);
            product *= size;
            sizes[i] = unchecked((int)size);
        }
        if (product == 0) throw Damage.Found(path, $"is empty: its header says {string.Join('x', sizes.Select(size => unchecked((uint)size)))}");
        if (product > (uint)Array.MaxLength) throw Damage.Found(path, $"claims {product} bytes, more than is read into memory");
        elements = (int)product;
        return sizes;
    }
}
