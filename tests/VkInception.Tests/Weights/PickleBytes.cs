using System.IO.Compression;
using System.Text;

namespace VkInception.Tests.Weights;

/// <summary>Assembles pickles by hand, instruction by instruction, the hostile ones too.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> bytes = [0x80, 2];

    public PickleBytes Raw(params byte[] code)
    {
        bytes.AddRange(code);
        return this;
    }

    public PickleBytes Raw(string code) => Raw(Encoding.Latin1.GetBytes(code));

    public PickleBytes Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Raw("X").Raw(BitConverter.GetBytes(utf8.Length)).Raw(utf8);
    }

    public PickleBytes Number(long value) => Raw(0x8A, 8).Raw(BitConverter.GetBytes(value));

    public PickleBytes Global(string module, string name) => Raw($"c{module}\n{name}\n");

    public PickleBytes Tuple(params long[] values)
    {
        Raw("(");
        foreach (long value in values)
            Number(value);
        return Raw("t");
    }

    /// <summary>A float32 tensor over the storage of that key.</summary>
    public PickleBytes Tensor(string key, long count, long offset, long[] size, long[] stride) =>
        Global("torch._utils", "_rebuild_tensor_v2").Raw("((").Text("storage").Global("torch", "FloatStorage").Text(key).Text("cpu").Number(count)
            .Raw("tQ").Number(offset).Tuple(size).Tuple(stride).Raw(0x89).Global("collections", "OrderedDict").Raw(")RtR");

    public byte[] ToArray() => [.. bytes];

    /// <summary>A torch file of this pickle and one storage, <c>0</c>, of that many float32 zeros.</summary>
    public byte[] ToTorchZip(int elements = 4) => ToTorchZip(new byte[4 * elements], byteOrder: null);

    /// <summary>A torch file of this pickle and one storage, <c>0</c>.</summary>
    public byte[] ToTorchZip(byte[] storage, string? byteOrder)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "archive/data.pkl", ToArray());
            Add(archive, "archive/data/0", storage);
            if (byteOrder is not null)
                Add(archive, "archive/byteorder", Encoding.ASCII.GetBytes(byteOrder));
        }
        return stream.ToArray();
    }

    /// <summary>A legacy torch file of this pickle, without storages.</summary>
    public byte[] ToTorchLegacy() =>
    [
        0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.',
        0x80, 2, (byte)'M', 0xE9, 3, (byte)'.',
        0x80, 2, (byte)'}', (byte)'.',
        .. ToArray(),
        0x80, 2, (byte)']', (byte)'.',
    ];

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using Stream member = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        member.Write(content);
    }
}
