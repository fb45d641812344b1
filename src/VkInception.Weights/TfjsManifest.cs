using System.Collections.Immutable;
using System.Text.Json;

namespace VkInception.Weights;

/// <summary>The <c>weightsManifest</c> of a TensorFlow.js <c>model.json</c>, or a <c>weights_manifest.json</c> of the older form, which is nothing else.</summary>
internal sealed class TfjsManifest
{
    private const int MaxDepth = 256, MaxWeights = 200_000;
    private readonly CheckpointFile file;
    private readonly List<TfjsGroup> groups = [];
    private bool isThere;
    private int weights;
    private int paths;

    private TfjsManifest(CheckpointFile file) => this.file = file;

    /// <summary>More files than any converter writes; each takes a handle.</summary>
    public static int MaxPaths => 512;

    /// <summary>Reads the manifest and passes over everything else.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>, <see cref="ErrorCode.FileRefused"/> (too many parts)
    /// or <see cref="ErrorCode.UnsupportedFormat"/> (JSON without a manifest).</exception>
    public static IReadOnlyList<TfjsGroup> Parse(CheckpointFile file, ReadOnlySpan<byte> json)
    {
        var manifest = new TfjsManifest(file);
        try
        {
            manifest.ReadRoot(json);
        }
        // InvalidOperationException is the JSON reader's answer to text that is not Unicode, and to a value of another kind.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw file.Damaged($"is not valid JSON: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        return manifest.isThere ? manifest.groups : throw file.Unsupported("is a JSON file without a weightsManifest; give the model.json of a TensorFlow.js model.");
    }

    private void ReadRoot(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            ReadGroups(ref reader);
        }
        else
        {
            Expect(ref reader, JsonTokenType.StartObject, "the file");
            while (NextProperty(ref reader))
            {
                bool isManifest = reader.ValueTextEquals("weightsManifest"u8);
                reader.Read();
                if (isManifest) ReadGroups(ref reader);
                else reader.Skip();
            }
        }
        // Reading on to the end makes the reader complain about anything behind.
        reader.Read();
    }

    private void ReadGroups(ref Utf8JsonReader reader)
    {
        if (isThere) throw file.Damaged("declares its weightsManifest twice.");
        isThere = true;
        Expect(ref reader, JsonTokenType.StartArray, "weightsManifest");
        while (Next(ref reader)) groups.Add(ReadGroup(ref reader));
    }

    private TfjsGroup ReadGroup(ref Utf8JsonReader reader)
    {
        ImmutableArray<string>? files = null;
        ImmutableArray<TfjsWeight>? tensors = null;
        Expect(ref reader, JsonTokenType.StartObject, "a group of weights");
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("paths"u8) && files is null) files = ReadPaths(ref reader);
            else if (reader.ValueTextEquals("weights"u8) && tensors is null) tensors = ReadWeights(ref reader);
            else PassOver(ref reader);
        }
        return new TfjsGroup(files ?? throw Lacks("a group of weights", "paths"), tensors ?? throw Lacks("a group of weights", "weights"));
    }

    private ImmutableArray<string> ReadPaths(ref Utf8JsonReader reader)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        Begin(ref reader, JsonTokenType.StartArray, "paths");
        while (Next(ref reader))
        {
            Expect(ref reader, JsonTokenType.String, "a path");
            if (++paths > MaxPaths) throw file.Refused($"names more than {MaxPaths} files of weights.");
            found.Add(reader.GetString()!);
        }
        return found.ToImmutable();
    }

    private ImmutableArray<TfjsWeight> ReadWeights(ref Utf8JsonReader reader)
    {
        var found = ImmutableArray.CreateBuilder<TfjsWeight>();
        Begin(ref reader, JsonTokenType.StartArray, "weights");
        while (Next(ref reader))
        {
            if (++weights > MaxWeights) throw file.Refused($"declares more than {MaxWeights} tensors.");
            found.Add(ReadWeight(ref reader));
        }
        return found.ToImmutable();
    }

    private TfjsWeight ReadWeight(ref Utf8JsonReader reader)
    {
        string? name = null, type = null;
        long[]? shape = null;
        TfjsQuantization? quantization = null;
        Expect(ref reader, JsonTokenType.StartObject, "a weight");
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("name"u8)) name = ReadString(ref reader, "name");
            else if (reader.ValueTextEquals("dtype"u8)) type = ReadString(ref reader, "dtype");
            else if (reader.ValueTextEquals("shape"u8)) shape = ReadShape(ref reader);
            else if (reader.ValueTextEquals("quantization"u8)) quantization = ReadQuantization(ref reader);
            else PassOver(ref reader);
        }
        if (name is null) throw Lacks("a weight", "name");
        return new TfjsWeight(name, type ?? throw Lacks($"'{name}'", "dtype"), shape ?? throw Lacks($"'{name}'", "shape"), quantization);
    }

    private long[] ReadShape(ref Utf8JsonReader reader)
    {
        var extents = new List<long>();
        Begin(ref reader, JsonTokenType.StartArray, "shape");
        while (Next(ref reader))
        {
            Expect(ref reader, JsonTokenType.Number, "an extent");
            if (!reader.TryGetInt64(out long extent) || extents.Count == TensorShape.MaxRank) throw file.Damaged("has a shape that no file can hold.");
            extents.Add(extent);
        }
        return [.. extents];
    }

    private TfjsQuantization ReadQuantization(ref Utf8JsonReader reader)
    {
        string? type = null;
        double scale = 1, min = 0;
        Begin(ref reader, JsonTokenType.StartObject, "quantization");
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("dtype"u8)) type = ReadString(ref reader, "dtype");
            else if (reader.ValueTextEquals("scale"u8)) scale = ReadNumber(ref reader, "scale");
            else if (reader.ValueTextEquals("min"u8)) min = ReadNumber(ref reader, "min");
            else PassOver(ref reader);
        }
        return new TfjsQuantization(type ?? throw Lacks("a quantization", "dtype"), scale, min);
    }

    private string ReadString(ref Utf8JsonReader reader, string what)
    {
        Begin(ref reader, JsonTokenType.String, what);
        return reader.GetString()!;
    }

    private double ReadNumber(ref Utf8JsonReader reader, string what)
    {
        Begin(ref reader, JsonTokenType.Number, what);
        return reader.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw file.Damaged($"has a {what} that is no number.");
    }

    private static void PassOver(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>On to the next element of a list; false at its end. Text that breaks off is the JSON reader's to complain about.</summary>
    private static bool Next(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    private static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private void Begin(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        reader.Read();
        Expect(ref reader, type, what);
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type) throw file.Damaged($"{what} is not what a weightsManifest asks for (a {type} is due, a {reader.TokenType} is there).");
    }

    private VkInceptionException Lacks(string who, string what) => file.Damaged($"{who} lacks its {what}.");
}
