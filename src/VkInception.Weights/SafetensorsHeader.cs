using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace VkInception.Weights;

/// <summary>The JSON header of a safetensors file, checked against the format's rules: each tensor's bytes follow from its shape,
/// and the tensors fill the data without overlap and without holes.</summary>
internal sealed class SafetensorsHeader
{
    private const int MaxTensors = 200_000;
    private readonly CheckpointFile file;
    private readonly List<SafetensorsEntry> entries = [];
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);

    private SafetensorsHeader(CheckpointFile file) => this.file = file;

    /// <summary>In the header's order.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => entries;

    /// <summary>The <c>__metadata__</c> entry; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>Parses and checks a header whose data section has <paramref name="dataLength"/> bytes.</summary>
    public static SafetensorsHeader Parse(CheckpointFile file, ReadOnlySpan<byte> json, long dataLength)
    {
        var header = new SafetensorsHeader(file);
        try
        {
            header.ReadObject(json);
        }
        // InvalidOperationException is the JSON reader's answer to text that is not Unicode, and to a value of another kind.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw file.Damaged($"its safetensors header is not valid: {OneLine(e.Message)}", e);
        }
        header.CheckCoverage(dataLength);
        return header;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");

    private void ReadObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 3 });
        var names = new HashSet<string>(StringComparer.Ordinal);
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject, "the header");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
                throw file.Damaged($"its header declares '{name}' twice.");
            if (names.Count > MaxTensors)
                throw file.Refused($"its header declares more than {MaxTensors} tensors.");
            if (name == "__metadata__")
                ReadMetadata(ref reader);
            else
                entries.Add(ReadEntry(ref reader, name));
        }
        // Reading on to the end makes the reader complain about anything behind the object.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject, "__metadata__");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            Expect(ref reader, JsonTokenType.String, $"__metadata__ '{key}'");
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw file.Damaged($"its __metadata__ declares '{key}' twice.");
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject, $"tensor '{name}'");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            switch (key)
            {
                case "dtype" when type is null:
                    reader.Read();
                    Expect(ref reader, JsonTokenType.String, $"dtype of '{name}'");
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadIntegers(ref reader, name, TensorShape.MaxRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadIntegers(ref reader, name, 2);
                    break;
                default:
                    throw file.Damaged($"tensor '{name}' has an unknown or repeated entry '{key}'.");
            }
        }
        if (type is null || shape is null || offsets is not [long begin, long end])
            throw file.Damaged($"tensor '{name}' lacks dtype, shape or two data_offsets.");
        return Check(name, ParseType(type, name), shape, begin, end);
    }

    private long[] ReadIntegers(ref Utf8JsonReader reader, string name, int limit)
    {
        var values = new List<long>();
        reader.Read();
        Expect(ref reader, JsonTokenType.StartArray, $"a list of tensor '{name}'");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.Number, $"a list of tensor '{name}'");
            if (!reader.TryGetInt64(out long value) || value < 0 || values.Count == limit)
                throw file.Damaged($"tensor '{name}' has a shape or offset that no file can hold ({Encoding.UTF8.GetString(reader.ValueSpan)}).");
            values.Add(value);
        }
        return [.. values];
    }

    private SafetensorsEntry Check(string name, ElementType type, long[] dimensions, long begin, long end)
    {
        if (!TensorShape.TryCreate(dimensions, type.Size(), out ImmutableArray<int> shape) || !TensorShape.TryCount(shape, type.Size(), out long count))
            throw file.Damaged($"tensor '{name}' has a shape of {string.Join('×', dimensions)}, which overflows.");
        if (end < begin || end - begin != count * type.Size())
            throw file.Damaged($"tensor '{name}' of {type} {TensorShape.Format(shape)} needs {count * type.Size()} bytes but its offsets {begin} to {end} span {end - begin}.");
        return new(name, type, shape, begin, end);
    }

    private ElementType ParseType(string type, string name) => type switch
    {
        "F32" => ElementType.Float32,
        "F64" => ElementType.Float64,
        "F16" => ElementType.Float16,
        "BF16" => ElementType.BFloat16,
        "I8" => ElementType.Int8,
        "U8" => ElementType.UInt8,
        "I16" => ElementType.Int16,
        "U16" => ElementType.UInt16,
        "I32" => ElementType.Int32,
        "U32" => ElementType.UInt32,
        "I64" => ElementType.Int64,
        "U64" => ElementType.UInt64,
        "BOOL" => ElementType.Bool,
        _ => throw file.Unsupported($"tensor '{name}' is of type '{type}', which is not read; convert it to F32, F16 or BF16."),
    };

    private void CheckCoverage(long dataLength)
    {
        long reached = 0;
        foreach (SafetensorsEntry entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != reached)
                throw file.Damaged($"tensor '{entry.Name}' starts at byte {entry.Begin} of the data where byte {reached} is due; tensors overlap or leave holes.");
            reached = entry.End;
        }
        if (reached > dataLength)
            throw file.Damaged($"its header declares {reached} bytes of data but {dataLength} are there; the file is truncated.");
        if (reached < dataLength)
            throw file.Damaged($"its header declares {reached} bytes of data but {dataLength} are there; the file has bytes of no tensor.");
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type)
            throw file.Damaged($"{what} is not what the safetensors format asks for (a {type} is due, a {reader.TokenType} is there).");
    }
}
