using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>Reads a TensorFlow checkpoint of the first version (<c>inception_v3.ckpt</c>, as TF-slim's networks were released): one table with names, shapes and values.</summary>
/// <remarks>
/// SavedTensorSlices: meta 1 { tensor 1 SavedSliceMeta }, data 2 SavedSlice. SavedSliceMeta, of the empty key: name 1, shape 2, type 3, slice 4.
/// SavedSlice, of every other key: name 1, slice 2, data 3 TensorProto { tensor_content 4, float_val 5, double_val 6 }.
/// </remarks>
internal sealed class TensorFlowSlicesReader
{
    private readonly CheckpointFile file;
    private readonly ProtobufWindow window;
    private readonly Dictionary<string, (ElementType? Type, ImmutableArray<int> Shape)> declared = new(StringComparer.Ordinal);
    private readonly List<NamedTensor> tensors = [];
    private int left;

    private TensorFlowSlicesReader(CheckpointFile file)
    {
        this.file = file;
        window = new ProtobufWindow(file);
    }

    /// <summary>Opens the checkpoint, which owns the file.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>, <see cref="ErrorCode.FileRefused"/> or <see cref="ErrorCode.UnsupportedFormat"/>.</exception>
    public static Checkpoint Open(CheckpointFile file)
    {
        var slices = new TensorFlowSlicesReader(file);
        foreach (TableEntry entry in TableFile.Read(slices.window))
        {
            var reader = new ProtobufReader(slices.window, entry.Value);
            while (reader.Next())
            {
                if (reader.Field == 1 && entry.Key.Length == 0) slices.ReadMeta(reader.Message());
                if (reader.Field == 2 && entry.Key.Length > 0) slices.ReadSlice(reader.Message());
            }
        }
        if (slices.declared.Count > 0) throw file.Damaged($"declares '{slices.declared.Keys.First()}' and {slices.declared.Count - 1} more tensors that it does not hold.");
        return new Checkpoint(file, "tensorflow-checkpoint-v1", slices.tensors, notes: slices.left == 0 ? null : [$"{slices.left} variables of whole numbers or text left out"]);
    }

    private void ReadMeta(ProtobufReader meta)
    {
        while (meta.Next())
            if (meta.Field == 1) ReadDeclaration(meta.Message());
    }

    private void ReadDeclaration(ProtobufReader reader)
    {
        window.Charge();
        string name = "";
        int type = 0, slices = 0;
        bool isKnown = true;
        var dims = new List<long>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Name(); break;
                case 2: isKnown &= TensorFlowTypes.AddShape(reader.Message(), window, dims); break;
                case 3: type = reader.Int32(); break;
                case 4: slices++; break;
            }
        }
        if (slices > 1) throw file.Unsupported($"'{name}' is stored in {slices} slices (a partitioned variable); write the checkpoint without partitions.");
        if (!isKnown || !TensorShape.TryCreate([.. dims], sizeof(double), out ImmutableArray<int> shape)) throw file.Damaged($"'{name}' has a shape of {string.Join('×', dims.Take(8))}, which no file can hold.");
        if (!declared.TryAdd(name, (type is 1 or 2 ? TensorFlowTypes.Of(type) : null, shape))) throw file.Damaged($"declares '{name}' twice.");
    }

    private void ReadSlice(ProtobufReader reader)
    {
        string name = "";
        ProtobufReader? data = null;
        ProtobufRange body = default;
        while (reader.Next())
        {
            if (reader.Field == 1) name = reader.Name();
            if (reader.Field == 3) (data, body) = (reader.Message(), reader.Body);
        }
        if (!declared.Remove(name, out (ElementType? Type, ImmutableArray<int> Shape) found)) throw file.Damaged($"holds values of '{name}', which it does not declare (once).");
        if (data is null) throw file.Damaged($"'{name}' has no values.");
        if (found.Type is { } type) ReadValues(data, body, name, type, found.Shape);
        else left++;
    }

    private void ReadValues(ProtobufReader reader, ProtobufRange message, string name, ElementType type, ImmutableArray<int> shape)
    {
        int field = type == ElementType.Float32 ? 5 : 6;
        var elements = new ProtobufElements(field, type == ElementType.Float32 ? ProtobufWireType.Fixed32 : ProtobufWireType.Fixed64);
        ProtobufRange? content = null;
        while (reader.Next())
        {
            if (reader.Field == field) elements.Add(reader);
            if (reader.Field == 4) content = reader.Body;
        }
        TensorShape.TryCount(shape, type.Size(), out long count);
        if (content is { } run && run.Length > 0 && elements.Count == 0 && run.Length == count * type.Size())
            tensors.Add(new NamedTensor(name, type, shape, () => file.OpenSlice(run.Offset, run.Length)));
        else if (elements.Count == count)
            tensors.Add(new NamedTensor(name, type, shape, () => elements.Open(file, message, type.Size())));
        else
            throw file.Damaged($"'{name}': {elements.Count} values do not fill a shape of {TensorShape.Format(shape)}.");
    }
}
