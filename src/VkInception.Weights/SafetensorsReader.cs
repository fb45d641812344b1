using System.Buffers.Binary;

namespace VkInception.Weights;

/// <summary>Reads <c>.safetensors</c>: an 8-byte header length, a JSON header, the tensors' bytes.</summary>
internal static class SafetensorsReader
{
    private const long MaxHeader = 100_000_000;

    /// <summary>Whether the file starts as the format does; a truncated one goes by its extension.</summary>
    public static bool Matches(ReadOnlySpan<byte> head, string path) =>
        (head.Length > 8 && head[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(head) <= MaxHeader)
        || path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the header; the tensors stay in the file.</summary>
    public static Checkpoint Open(CheckpointFile file)
    {
        if (file.Length < 8)
            throw file.Damaged($"has {file.Length} bytes, too few for a safetensors header.");
        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(file.ReadHead(8));
        if (claimed > MaxHeader)
            throw file.Damaged($"claims a header of {claimed} bytes; safetensors allows {MaxHeader}.");
        long length = (long)claimed;
        if (length > file.Length - 8)
            throw file.Damaged($"claims a header of {length} bytes but {file.Length - 8} are left; the file is truncated.");
        var json = new byte[length];
        file.Read(8, json);
        if (length == 0 || json[0] != '{')
            throw file.Damaged("its header does not start with '{', as safetensors asks for.");

        long data = 8 + length;
        SafetensorsHeader header = SafetensorsHeader.Parse(file, json, file.Length - data);
        IEnumerable<NamedTensor> tensors = header.Entries.Select(entry =>
            new NamedTensor(entry.Name, entry.Type, entry.Shape, () => file.OpenSlice(data + entry.Begin, entry.End - entry.Begin)));
        return new Checkpoint(file, "safetensors", tensors, header.Metadata);
    }
}
