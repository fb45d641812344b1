using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>Reads a TensorFlow.js model: <c>model.json</c> and the files of weights that it names, which must lie beside it. Elements stay in the files.</summary>
/// <remarks>Layers and graph models alike: only the <c>weightsManifest</c> is read. Names are TensorFlow's, filters H W I O.</remarks>
internal sealed class TfjsReader
{
    private const int MaxJson = 32 << 20;
    private readonly CheckpointFile file;
    private readonly List<CheckpointFile> shards = [];
    private readonly List<NamedTensor> tensors = [];
    private readonly List<string> notes = [];
    private int quantized;

    private TfjsReader(CheckpointFile file) => this.file = file;

    /// <summary>Whether a file is JSON by its name and its first character.</summary>
    public static bool Matches(ReadOnlySpan<byte> head, string path)
        => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && head.TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'{' or (byte)'[', ..];

    /// <summary>Opens the model and its weights; the checkpoint owns all files.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileNotFound"/> (a file of weights), <see cref="ErrorCode.FileDamaged"/>,
    /// <see cref="ErrorCode.FileRefused"/> (weights in another folder, too many parts) or <see cref="ErrorCode.UnsupportedFormat"/>.</exception>
    public static Checkpoint Open(CheckpointFile file)
    {
        if (file.Length > MaxJson) throw file.Refused($"is a JSON file of {file.Length} bytes; {MaxJson} are the most that is read.");
        var reader = new TfjsReader(file);
        try
        {
            foreach (TfjsGroup group in TfjsManifest.Parse(file, file.ReadHead(MaxJson).AsSpan().TrimStart("\uFEFF"u8))) reader.ReadGroup(group);
            if (reader.quantized > 0) reader.notes.Add($"{reader.quantized} tensors are stored in 8 or 16 bits");
            return new Checkpoint(file, "tfjs", reader.tensors, notes: reader.notes, parts: reader.shards);
        }
        catch
        {
            reader.shards.ForEach(shard => shard.Dispose());
            throw;
        }
    }

    private void ReadGroup(TfjsGroup group)
    {
        JoinedFiles run = JoinedFiles.Of(group.Paths.Select(Shard));
        long offset = 0;
        foreach (TfjsWeight weight in group.Weights)
        {
            ElementType stored = Stored(weight);
            if (!TensorShape.TryCreate(weight.Shape, sizeof(double), out ImmutableArray<int> shape) || !TensorShape.TryCount(shape, sizeof(double), out long count))
                throw file.Damaged($"'{weight.Name}' has a shape of {string.Join('×', weight.Shape.Take(8))}, which no file can hold.");
            long length = count * stored.Size();
            if (length > run.Length - offset)
                throw file.Damaged($"'{weight.Name}' needs {length} bytes and {run.Length - offset} are left in {string.Join(", ", group.Paths.Take(3))}; the weights are truncated.");
            Add(weight, stored, shape, run, offset);
            offset += length;
        }
        if (offset != run.Length)
            throw file.Damaged($"declares {offset} bytes of weights but {run.Length} are in {string.Join(", ", group.Paths.Take(3))}; they belong to another model.");
    }

    private void Add(TfjsWeight weight, ElementType stored, ImmutableArray<int> shape, JoinedFiles run, long offset)
    {
        TensorShape.TryCount(shape, sizeof(double), out long count);
        if (weight.Type == "complex64" || (weight.Quantization is not null && weight.Type != "float32"))
        {
            notes.Add($"'{weight.Name}' is of type {weight.Type}{(weight.Quantization is null ? "" : ", quantized")}; left out");
            return;
        }
        if (weight.Quantization is not null) quantized++;
        tensors.Add(weight.Quantization is { Type: not "float16" } scaled
            ? new NamedTensor(weight.Name, ElementType.Float32, shape, () => scaled.Open(run, offset, stored, count))
            : new NamedTensor(weight.Name, stored, shape, () => run.OpenSlice(offset, count * stored.Size())));
    }

    private ElementType Stored(TfjsWeight weight) => (weight.Quantization?.Type ?? weight.Type) switch
    {
        "float32" => ElementType.Float32,
        "float16" => ElementType.Float16,
        "int32" => ElementType.Int32,
        "bool" => ElementType.Bool,
        "uint8" => ElementType.UInt8,
        "uint16" => ElementType.UInt16,
        // Only its size counts: it is left out.
        "complex64" => ElementType.UInt64,
        string other => throw file.Unsupported($"'{weight.Name}' is stored as '{other}', which is not read; convert the model with numbers only."),
    };

    /// <summary>A file of weights. A name that leads out of the folder is refused: a model must not make its reader open what it likes.</summary>
    private CheckpointFile Shard(string name)
    {
        if (name.Length is 0 or > 255 || name is "." or ".." || name.AsSpan().ContainsAny(@"/\:") || name.Any(char.IsControl))
            throw file.Refused($"names weights outside its folder: '{name}'; only files beside it are opened.");
        try
        {
            shards.Add(CheckpointFile.Open(Path.Combine(Path.GetDirectoryName(file.Path) ?? "", name)));
        }
        catch (VkInceptionException e) when (e.Code == ErrorCode.FileNotFound)
        {
            throw new VkInceptionException(ErrorCode.FileNotFound, $"{file.Path}: its weights '{CheckpointFile.Printable(name)}' are not in its folder; put every file that it names beside it.", e);
        }
        return shards[^1];
    }
}
