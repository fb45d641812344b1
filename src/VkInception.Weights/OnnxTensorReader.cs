using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>Reads one TensorProto: name, type and shape; the elements stay in the file.</summary>
/// <remarks>dims 1, data_type 2, segment 3, float_data 4, int32_data 5, string_data 6, int64_data 7, name 8, raw_data 9, double_data 10, uint64_data 11, external_data 13, data_location 14.</remarks>
internal sealed class OnnxTensorReader
{
    private const int StringType = 8;
    private readonly CheckpointFile file;
    private readonly ProtobufRange message;
    private readonly ProtobufElements floats = new(4, ProtobufWireType.Fixed32);
    private readonly ProtobufElements int32s = new(5, ProtobufWireType.Varint);
    private readonly ProtobufElements int64s = new(7, ProtobufWireType.Varint);
    private readonly ProtobufElements doubles = new(10, ProtobufWireType.Fixed64);
    private readonly ProtobufElements uint64s = new(11, ProtobufWireType.Varint);
    private readonly List<long> dims = [];
    private ProtobufRange? raw;
    private string name = "";
    private int type;
    private bool isExternal, isSegment;

    private OnnxTensorReader(CheckpointFile file, ProtobufRange message)
    {
        this.file = file;
        this.message = message;
    }

    /// <summary>Reads the message <paramref name="reader"/> that lies at <paramref name="range"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="reader">At the message's start.</param>
    /// <param name="range">Where the message lies.</param>
    /// <param name="fallbackName">The name for messages where the tensor has none.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: data and shape contradict each other;
    /// <see cref="ErrorCode.UnsupportedFormat"/>: external or segmented data, or an element type that is not read.</exception>
    public static NamedTensor Read(CheckpointFile file, ProtobufReader reader, ProtobufRange range, string fallbackName = "")
    {
        var tensor = new OnnxTensorReader(file, range);
        while (reader.Next()) tensor.Take(reader);
        return tensor.ToTensor(fallbackName);
    }

    private void Take(ProtobufReader reader)
    {
        switch (reader.Field)
        {
            case 1: reader.AddInts(dims); break;
            case 2: type = reader.Int32(); break;
            case 3: isSegment = true; break;
            case 4: floats.Add(reader); break;
            case 5: int32s.Add(reader); break;
            case 7: int64s.Add(reader); break;
            case 8: name = reader.Name(); break;
            case 9: raw = reader.Body; break;
            case 10: doubles.Add(reader); break;
            case 11: uint64s.Add(reader); break;
            case 13: isExternal = true; break;
            case 14: isExternal |= reader.Int32() != 0; break;
        }
    }

    private NamedTensor ToTensor(string fallbackName)
    {
        string called = name.Length > 0 ? name : fallbackName;
        if (isExternal) throw file.Unsupported($"tensor '{called}' keeps its data in another file; save the model in one file (onnx.save with save_as_external_data=False).");
        if (isSegment) throw file.Unsupported($"tensor '{called}' is one segment of several; save the model unsegmented.");
        ElementType element = ElementTypeOf(called);
        if (!TensorShape.TryCreate([.. dims], element.Size(), out ImmutableArray<int> shape) || !TensorShape.TryCount(shape, element.Size(), out long count))
            throw file.Damaged($"tensor '{called}': a shape of {string.Join('×', dims.Take(8))} is impossible.");
        return new NamedTensor(name, element, shape, Source(called, element, shape, count));
    }

    private Func<Stream> Source(string called, ElementType element, ImmutableArray<int> shape, long count)
    {
        int size = element.Size();
        if (raw is { } run)
        {
            if (run.Length != count * size) throw Short(called, shape, count, $"{run.Length} bytes of raw data, {count * size} are needed");
            return () => file.OpenSlice(run.Offset, run.Length);
        }
        ProtobufElements elements = element switch
        {
            ElementType.Float32 => floats,
            ElementType.Float64 => doubles,
            ElementType.Int64 => int64s,
            ElementType.UInt32 or ElementType.UInt64 => uint64s,
            _ => int32s,
        };
        if (elements.Count != count) throw Short(called, shape, count, $"{elements.Count} elements, {count} are needed");
        return () => elements.Open(file, message, size);
    }

    private VkInceptionException Short(string called, ImmutableArray<int> shape, long count, string found)
        => file.Damaged($"tensor '{called}' of shape {TensorShape.Format(shape)} has {found}{(count > 0 && raw is null ? "; was the model saved without its weights?" : ".")}");

    private ElementType ElementTypeOf(string called) => type switch
    {
        1 => ElementType.Float32,
        2 => ElementType.UInt8,
        3 => ElementType.Int8,
        4 => ElementType.UInt16,
        5 => ElementType.Int16,
        6 => ElementType.Int32,
        7 => ElementType.Int64,
        9 => ElementType.Bool,
        10 => ElementType.Float16,
        11 => ElementType.Float64,
        12 => ElementType.UInt32,
        13 => ElementType.UInt64,
        16 => ElementType.BFloat16,
        StringType => throw file.Unsupported($"tensor '{called}' holds strings; only numbers are read."),
        0 => throw file.Damaged($"tensor '{called}' has no element type."),
        _ => throw file.Unsupported($"tensor '{called}' has ONNX element type {type}, which is not read; convert the model to float32."),
    };
}
