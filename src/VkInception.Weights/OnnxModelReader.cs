namespace VkInception.Weights;

/// <summary>Reads ONNX's ModelProto into neutral classes, without generated code; a checkpoint of one holds its initializers.</summary>
/// <remarks>
/// ModelProto: ir_version 1, producer_name 2, producer_version 3, graph 7, opset_import 8 { domain 1, version 2 }.
/// GraphProto: node 1, name 2, initializer 5, input 11, output 12, sparse_initializer 15. NodeProto: input 1, output 2, name 3, op_type 4, attribute 5, domain 7.
/// AttributeProto: name 1, f 2, i 3, s 4, t 5, g 6, floats 7, ints 8, strings 9. ValueInfoProto: name 1, type 2.
/// </remarks>
internal sealed class OnnxModelReader
{
    private readonly CheckpointFile file;
    private readonly ProtobufWindow window;

    private OnnxModelReader(CheckpointFile file)
    {
        this.file = file;
        window = new ProtobufWindow(file);
    }

    /// <summary>Whether a file is a ModelProto: by its name, or by first bytes of a small format version and a field that follows it.</summary>
    public static bool Matches(ReadOnlySpan<byte> head, string path)
        => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
            || (head is [0x08, > 0 and < 0x80, 0x12 or 0x1A or 0x22 or 0x28 or 0x32 or 0x3A or 0x42, ..] && !path.EndsWith(".caffemodel", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a model, which owns the file unless this throws.</summary>
    public static OnnxModel Read(CheckpointFile file) => new OnnxModelReader(file).ReadModel();

    /// <summary>Opens the initializers of a model as a checkpoint, which owns the file unless this throws.</summary>
    public static Checkpoint OpenCheckpoint(CheckpointFile file)
    {
        OnnxModel model = Read(file);
        var metadata = new Dictionary<string, string> { ["network"] = model.Graph.Name, ["producer"] = model.Producer };
        return new Checkpoint(file, "onnx", model.Graph.Initializers, metadata);
    }

    private OnnxModel ReadModel()
    {
        long version = 0;
        string producer = "", producerVersion = "";
        var opsets = new Dictionary<string, long>();
        OnnxGraph? graph = null;
        var reader = new ProtobufReader(window);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: version = reader.Int64(); break;
                case 2: producer = reader.Name(); break;
                case 3: producerVersion = reader.Name(); break;
                case 7 when graph is null: graph = ReadGraph(reader.Message()); break;
                case 7: throw file.Damaged("holds two graphs.");
                case 8: ReadOpset(reader.Message(), opsets); break;
            }
        }
        if (graph is null) throw file.Unsupported("holds no graph of an ONNX model.");
        return new OnnxModel(file, version, $"{producer} {producerVersion}".Trim(), opsets, graph);
    }

    private void ReadOpset(ProtobufReader reader, Dictionary<string, long> opsets)
    {
        window.Charge();
        string domain = "";
        long version = 0;
        while (reader.Next())
        {
            if (reader.Field == 1) domain = reader.Name();
            else if (reader.Field == 2) version = reader.Int64();
        }
        opsets[domain == "ai.onnx" ? "" : domain] = version;
    }

    private OnnxGraph ReadGraph(ProtobufReader reader)
    {
        string name = "";
        var nodes = new List<OnnxNode>();
        var initializers = new List<NamedTensor>();
        List<OnnxValueInfo> inputs = [], outputs = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: nodes.Add(ReadNode(reader.Message())); break;
                case 2: name = reader.Name(); break;
                case 5: initializers.Add(ReadTensor(reader)); break;
                case 11: inputs.Add(ReadValueInfo(reader.Message())); break;
                case 12: outputs.Add(ReadValueInfo(reader.Message())); break;
                case 15: throw file.Unsupported("holds sparse initializers; save them dense.");
            }
        }
        return new OnnxGraph(name, nodes, initializers, inputs, outputs);
    }

    private NamedTensor ReadTensor(ProtobufReader reader, string fallbackName = "")
    {
        // A tensor keeps its counters and a closure: several small objects.
        window.Charge(8);
        return OnnxTensorReader.Read(file, reader.Message(), reader.Body, fallbackName);
    }

    private OnnxNode ReadNode(ProtobufReader reader)
    {
        window.Charge(4);
        string name = "", opType = "", domain = "";
        List<string> inputs = [], outputs = [];
        var attributes = new Dictionary<string, OnnxAttribute>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: inputs.Add(reader.Name()); break;
                case 2: outputs.Add(reader.Name()); break;
                case 3: name = reader.Name(); break;
                case 4: opType = reader.Name(); break;
                case 5:
                    OnnxAttribute attribute = ReadAttribute(reader.Message());
                    attributes[attribute.Name] = attribute;
                    break;
                case 7: domain = reader.Name(); break;
            }
        }
        return new OnnxNode(name, opType, domain == "ai.onnx" ? "" : domain, inputs, outputs, attributes);
    }

    private OnnxAttribute ReadAttribute(ProtobufReader reader)
    {
        window.Charge(4);
        var attribute = new OnnxAttribute("");
        List<float> floats = [];
        List<long> ints = [];
        List<string> texts = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: attribute = attribute with { Name = reader.Name() }; break;
                case 2: attribute = attribute with { Float = reader.Single() }; break;
                case 3: attribute = attribute with { Int = reader.Int64() }; break;
                case 4: attribute = attribute with { Text = reader.String() }; break;
                case 5: attribute = attribute with { Tensor = ReadTensor(reader, $"attribute {attribute.Name}") }; break;
                case 7: reader.AddFloats(floats); break;
                case 8: reader.AddInts(ints); break;
                case 9: texts.Add(reader.String()); break;
                case 6 or 10 or 11 or 14 or 15 or 22 or 23: attribute = attribute with { IsUnread = true }; break;
            }
        }
        return attribute with { Floats = floats, Ints = ints, Texts = texts };
    }

    private OnnxValueInfo ReadValueInfo(ProtobufReader reader)
    {
        window.Charge(2);
        var value = new OnnxValueInfo("", 0, null);
        while (reader.Next())
        {
            if (reader.Field == 1) value = value with { Name = reader.Name() };
            else if (reader.Field == 2) value = ReadType(reader.Message(), value);
        }
        return value;
    }

    // TypeProto: tensor_type 1 { elem_type 1, shape 2 { dim 1 { dim_value 1, dim_param 2 } } }.
    private OnnxValueInfo ReadType(ProtobufReader type, OnnxValueInfo value)
    {
        while (type.Next())
        {
            if (type.Field != 1) continue;
            ProtobufReader tensor = type.Message();
            while (tensor.Next())
            {
                if (tensor.Field == 1) value = value with { ElementType = tensor.Int32() };
                else if (tensor.Field == 2) value = value with { Dimensions = ReadShape(tensor.Message()) };
            }
        }
        return value;
    }

    private List<OnnxDimension> ReadShape(ProtobufReader shape)
    {
        var dimensions = new List<OnnxDimension>();
        while (shape.Next())
        {
            if (shape.Field != 1) continue;
            window.Charge();
            var dimension = new OnnxDimension(null, "");
            ProtobufReader reader = shape.Message();
            while (reader.Next())
            {
                if (reader.Field == 1) dimension = new OnnxDimension(reader.Int64(), "");
                else if (reader.Field == 2) dimension = new OnnxDimension(null, reader.Name());
            }
            dimensions.Add(dimension);
        }
        return dimensions;
    }
}
