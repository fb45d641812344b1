using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>Reads the weights of a frozen TensorFlow graph (<c>.pb</c>): its Const nodes of floating-point tensors; elements stay in the file.</summary>
/// <remarks>
/// GraphDef: node 1. NodeDef: name 1, op 2, attr 5 { key 1, value 2 }. AttrValue: tensor 8.
/// TensorProto: dtype 1, tensor_shape 2 { dim 2 { size 1 }, unknown_rank 3 }, tensor_content 4, float_val 5, double_val 6.
/// </remarks>
internal sealed class TensorFlowGraphReader
{
    private const int Float = 1, Double = 2;
    private readonly CheckpointFile file;
    private readonly ProtobufWindow window;
    private readonly List<NamedTensor> tensors = [];
    private int left;

    private TensorFlowGraphReader(CheckpointFile file)
    {
        this.file = file;
        window = new ProtobufWindow(file);
    }

    /// <summary>Whether a file is a GraphDef: by its name, and first bytes that begin its nodes, functions or versions.</summary>
    public static bool Matches(ReadOnlySpan<byte> head, string path)
        => path.EndsWith(".pb", StringComparison.OrdinalIgnoreCase) && head is [0x0A or 0x12 or 0x22, ..];

    /// <summary>Opens a graph; the checkpoint owns the file.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>, <see cref="ErrorCode.FileRefused"/> (nested too deep, too many parts)
    /// or <see cref="ErrorCode.UnsupportedFormat"/> (no constants: a graph that is not frozen).</exception>
    public static Checkpoint Open(CheckpointFile file)
    {
        var graph = new TensorFlowGraphReader(file);
        var reader = new ProtobufReader(graph.window);
        while (reader.Next())
        {
            if (reader.Field == 1) graph.ReadNode(reader.Message());
        }
        if (graph.tensors.Count == 0) throw file.Unsupported("holds no constants of a frozen TensorFlow graph; freeze it with its weights.");
        return new Checkpoint(file, "tensorflow", graph.tensors, notes: graph.left == 0 ? null : [$"{graph.left} constants of whole numbers, text or one repeated value left out"]);
    }

    private void ReadNode(ProtobufReader reader)
    {
        string name = "", op = "";
        var tensors = new List<ProtobufReader>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Name(); break;
                case 2: op = reader.Name(); break;
                case 5:
                    window.Charge();
                    tensors.AddRange(TensorsOf(reader.Message()));
                    break;
            }
        }
        if (op != "Const") return;
        foreach (ProtobufReader tensor in tensors) ReadTensor(tensor, name);
    }

    /// <summary>The tensor of the attribute <c>value</c>.</summary>
    private static List<ProtobufReader> TensorsOf(ProtobufReader attribute)
    {
        string key = "";
        var found = new List<ProtobufReader>();
        while (attribute.Next())
        {
            if (attribute.Field == 1) key = attribute.Name();
            if (attribute.Field != 2) continue;
            ProtobufReader value = attribute.Message();
            while (value.Next())
                if (value.Field == 8 && found.Count == 0) found.Add(value.Message());
        }
        return key == "value" ? found : [];
    }

    private void ReadTensor(ProtobufReader reader, string name)
    {
        window.Charge();
        int type = 0;
        bool isKnown = true;
        var dims = new List<long>();
        ProtobufRange? content = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: type = reader.Int32(); break;
                case 2: isKnown &= TensorFlowTypes.AddShape(reader.Message(), window, dims); break;
                case 4: content = reader.Body; break;
            }
        }
        // What is not written out (numbers of a shape, the ones of a norm without gamma) is no weight.
        if (type is not (Float or Double) || content is not { } run || !isKnown)
        {
            left++;
            return;
        }
        ElementType element = type == Float ? ElementType.Float32 : ElementType.Float64;
        if (!TensorShape.TryCreate([.. dims], element.Size(), out ImmutableArray<int> shape) || !TensorShape.TryCount(shape, element.Size(), out long count) || count * element.Size() != run.Length)
            throw file.Damaged($"{name}: {run.Length} bytes do not fill a shape of {string.Join('×', dims.Take(8))}.");
        tensors.Add(new NamedTensor(name, element, shape, () => file.OpenSlice(run.Offset, run.Length)));
    }
}
