using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import;

/// <summary>An ONNX node that is being translated: its inputs and attributes with the checks that every operator needs.</summary>
internal sealed class OnnxCall(OnnxImport graph, OnnxNode node, string name, IReadOnlyList<OnnxValue?> inputs)
{
    public OnnxNode Node { get; } = node;

    /// <summary>The name of the network's node.</summary>
    public string Name { get; } = name;

    /// <summary>Version of ONNX's operator set.</summary>
    public long Opset => graph.Opset;

    /// <summary>File and node, for messages.</summary>
    public string Where => $"{graph.Source}: node {Name} ({Node.OpType})";

    /// <summary>The batch that the file declares, where it is fixed.</summary>
    public long? DeclaredBatch => graph.DeclaredBatch;

    public int InputCount => inputs.Count;

    public IEnumerable<OnnxValue> Inputs => inputs.Select((_, i) => Input(i));

    /// <summary>Whether an optional input is given.</summary>
    public bool Has(int index) => index < inputs.Count && inputs[index] is not null;

    /// <summary>An input that must be given.</summary>
    public OnnxValue Input(int index) => Has(index) ? inputs[index]!.Value : throw Damaged($"lacks input {index}");

    /// <summary>An input that the network computes.</summary>
    public Tensor Tensor(int index) => Input(index).Tensor ?? throw Unsupported.Because($"a constant as input {index}");

    /// <summary>An input that must be constant.</summary>
    public HostTensor Constant(int index) => Input(index).Constant ?? throw Unsupported.Because($"a computed input {index} where only a constant is supported");

    /// <summary>A constant's integers; few, for it is a shape or a list of axes.</summary>
    public long[] Integers(int index)
    {
        HostTensor list = Constant(index);
        return list.Count <= 1024 ? list.Integers() : throw Damaged($"input {index} lists {list.Count} numbers");
    }

    public OnnxAttribute? Attribute(string name) => Node.Attributes.GetValueOrDefault(name);

    public long Int(string name, long standard) => Attribute(name) is { } a ? a.Int ?? throw Damaged($"attribute {name} is no integer") : standard;

    public float Float(string name, float standard) => Attribute(name) is { } a ? a.Float ?? throw Damaged($"attribute {name} is no float") : standard;

    public string Text(string name, string standard) => Attribute(name) is { } a ? a.Text ?? throw Damaged($"attribute {name} is no string") : standard;

    /// <summary>A list of integers; null where it is absent.</summary>
    public IReadOnlyList<long>? Ints(string name) => Attribute(name)?.Ints;

    /// <summary>An integer that fits 32 bits.</summary>
    public int Int32(string name, int standard) => Narrow(Int(name, standard));

    public int Narrow(long value) => value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Damaged($"a value of {value} is out of range");

    /// <summary>An axis, counted from the front.</summary>
    public int Axis(long axis, int rank)
    {
        long front = axis < 0 ? axis + rank : axis;
        return front >= 0 && front < rank ? (int)front : throw Mismatch($"axis {axis} of {rank} axes");
    }

    /// <summary>Axes by attribute, or by a constant input since a later version; null where neither is given.</summary>
    public IReadOnlyList<long>? Axes(int input, string attribute = "axes") => Has(input) ? Integers(input) : Ints(attribute);

    /// <summary>Adds a node before the last one.</summary>
    public Tensor Step(string suffix, Op op, Tensor input, params Parameter[] parameters) => graph.Emit($"{Name} {suffix}", op, [input], parameters, null);

    /// <summary>Adds a node of several inputs before the last one.</summary>
    public Tensor Step(string suffix, Op op, Tensor first, Tensor second) => graph.Emit($"{Name} {suffix}", op, [first, second], null, null);

    /// <summary>Adds the node that makes the first output.</summary>
    public Tensor Finish(Op op, Tensor input, params Parameter[] parameters) => Finish(op, [input], parameters);

    /// <summary>Adds the node that makes the first output.</summary>
    public Tensor Finish(Op op, IReadOnlyList<Tensor> inputs, params Parameter[] parameters) => graph.Emit(Name, op, inputs, parameters, Node.Outputs[0]);

    /// <summary>Adds the node that makes one of several outputs.</summary>
    public Tensor Part(int output, Op op, Tensor input)
    {
        string value = Node.Outputs[output];
        if (output == 0) return Finish(op, input);
        Tensor made = graph.Emit($"{Name} {output}", op, [input], null, value.Length > 0 ? value : null);
        graph.Set(value, made);
        return made;
    }

    /// <summary>A constant input as a parameter; the same constant is the same parameter wherever shape and layout agree.</summary>
    public Parameter Parameter(int index, Shape shape, ParameterLayout layout = ParameterLayout.Plain, bool trained = true)
        => graph.ParameterOf(Node.Inputs[index], FloatConstant(index), shape, layout, trained);

    /// <summary>A constant input in its own shape as a parameter.</summary>
    public Parameter Parameter(int index, ParameterLayout layout = ParameterLayout.Plain, bool trained = true)
        => Parameter(index, Shape.Create(Constant(index).Dims), layout, trained);

    public VkInceptionException Damaged(string what) => new(ErrorCode.FileDamaged, $"{Where}: {what}");

    public VkInceptionException Mismatch(string what) => new(ErrorCode.ShapeMismatch, $"{Where}: {what}");

    private HostTensor FloatConstant(int index)
    {
        HostTensor constant = Constant(index);
        return constant.IsInteger ? throw Unsupported.Because($"integer weights (input {index})") : constant;
    }
}
