using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VkInception.Weights;

/// <summary>Writes <c>.safetensors</c> files: the same tensors and metadata always give the same bytes.</summary>
public static class SafetensorsWriter
{
    /// <summary>The name of the tensor that seals a file: SHA-256 of every byte before it, as 32 bytes at the very end.</summary>
    public const string SealName = "__sha256__";

    /// <summary>Writes tensors and metadata; elements are streamed, never held as a whole, and keep their type.</summary>
    /// <remarks>Wider types come first, then names in ordinal order, so that every tensor is aligned to its element. The file is
    /// replaced at once when complete, which also allows writing over the checkpoint that the tensors are read from.</remarks>
    /// <param name="path">The file to write; its folder is created.</param>
    /// <param name="tensors">Distinct names, none of them <c>__metadata__</c> or <see cref="SealName"/>.</param>
    /// <param name="metadata">Written as <c>__metadata__</c>, in ordinal order of the keys; none for null or empty.</param>
    /// <param name="seal">Whether the file ends with its own checksum (<see cref="SealName"/>), which <see cref="Checkpoint.CheckSeal"/> verifies.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for names that clash;
    /// <see cref="ErrorCode.InputOutput"/> when the system refuses; what reading a tensor throws.</exception>
    public static void Write(string path, IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, bool seal = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        NamedTensor[] ordered = [.. tensors.OrderByDescending(t => t.Type.Size()).ThenBy(t => t.Name, StringComparer.Ordinal)];
        CheckNames(path, ordered);
        byte[] header = BuildHeader(seal ? [.. ordered, NamedTensor.FromBytes(SealName, new byte[SHA256.HashSizeInBytes])] : ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            using IncrementalHash? hash = seal ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
            hash?.AppendData(header);
            stream.Write(header);
            foreach (NamedTensor tensor in ordered)
                CopyElements(tensor, stream, hash);
            if (hash is not null)
                stream.Write(hash.GetHashAndReset());
        });
    }

    private static void CheckNames(string path, NamedTensor[] tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (NamedTensor tensor in tensors)
        {
            if (tensor.Name is "__metadata__" or SealName || !names.Add(tensor.Name))
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"{path}: cannot hold a tensor named '{tensor.Name}'; names must be distinct and neither __metadata__ nor {SealName}.");
        }
    }

    private static byte[] BuildHeader(NamedTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(new byte[8]);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (NamedTensor tensor in tensors)
            {
                WriteEntry(json, tensor, offset);
                offset += tensor.ByteLength;
            }
            json.WriteEndObject();
        }
        // Spaces bring the data to a multiple of 8, as the format's own writer does.
        int padding = -buffer.WrittenCount & 7;
        buffer.Write("       "u8[..padding]);
        byte[] header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - 8);
        return header;
    }

    private static void WriteEntry(Utf8JsonWriter json, NamedTensor tensor, long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", TypeName(tensor.Type));
        json.WriteStartArray("shape");
        foreach (int dimension in tensor.Shape)
            json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + tensor.ByteLength);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void CopyElements(NamedTensor tensor, Stream target, IncrementalHash? hash)
    {
        using Stream source = tensor.OpenRead();
        byte[] buffer = new byte[1 << 16];
        long copied = 0;
        for (int read; (read = source.Read(buffer)) > 0; copied += read)
        {
            target.Write(buffer.AsSpan(0, read));
            hash?.AppendData(buffer.AsSpan(0, read));
        }
        if (copied != tensor.ByteLength)
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{tensor.Name}: {copied} bytes were read where {tensor.ByteLength} are due; the source is damaged.");
    }

    private static string TypeName(ElementType type) => type switch
    {
        ElementType.Float32 => "F32",
        ElementType.Float64 => "F64",
        ElementType.Float16 => "F16",
        ElementType.BFloat16 => "BF16",
        ElementType.Int8 => "I8",
        ElementType.UInt8 => "U8",
        ElementType.Int16 => "I16",
        ElementType.UInt16 => "U16",
        ElementType.Int32 => "I32",
        ElementType.UInt32 => "U32",
        ElementType.Int64 => "I64",
        ElementType.UInt64 => "U64",
        _ => "BOOL",
    };
}
