using System.Globalization;
using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import;

/// <summary>A network while it is made of an ONNX graph: what each value name stands for by now.</summary>
internal sealed class OnnxImport
{
    private const int MostValues = 4096;
    private readonly OnnxModel model;
    private readonly NetworkBuilder builder;
    private readonly UnsupportedNodes unsupported;
    private readonly ConstantFolding folding;
    private readonly Dictionary<string, OnnxValue> values = [];
    private readonly Dictionary<(string Value, Shape Shape, ParameterLayout Layout), Parameter> parameters = [];
    private readonly HashSet<string> nodeNames = [];
    private readonly HashSet<string> left = [];
    private int renamed;

    public OnnxImport(OnnxModel model)
    {
        this.model = model;
        string name = model.Graph.Name;
        builder = new NetworkBuilder(string.IsNullOrWhiteSpace(name) ? Path.GetFileName(Source) : name);
        unsupported = new UnsupportedNodes(Source, "operator");
        Opset = model.Opsets.GetValueOrDefault("", 1);
        folding = new ConstantFolding(model.Graph.Initializers.Sum(t => t.Count) + model.Graph.Nodes.Sum(n => n.Attributes.Values.Sum(a => a.Tensor?.Count ?? 0)));
        foreach (NamedTensor tensor in model.Graph.Initializers)
            if (!values.TryAdd(tensor.Name, HostTensor.From(tensor))) throw Damaged($"two initializers are named '{tensor.Name}'");
    }

    /// <summary>The file.</summary>
    public string Source => model.Path;

    /// <summary>Version of ONNX's operator set.</summary>
    public long Opset { get; }

    /// <summary>The batch that the file's first input declares, where it is fixed.</summary>
    public long? DeclaredBatch { get; private set; }

    /// <summary>Declares the inputs that are no initializers.</summary>
    public void AddInputs(int batch, int height, int width)
    {
        foreach (OnnxValueInfo input in model.Graph.Inputs.Where(i => !values.ContainsKey(i.Name)))
        {
            if (input.ElementType is not (0 or 1 or 10 or 11 or 16))
                throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{Source}: input '{input.Name}' holds integers (ONNX type {input.ElementType}); only images of floats are supported");
            DeclaredBatch ??= input.Dimensions is [var first, ..] ? first.Value : null;
            values[input.Name] = builder.Input(input.Name, ShapeOf(input, batch, height, width));
        }
    }

    /// <summary>Translates the nodes that the outputs need.</summary>
    public void AddNodes()
    {
        HashSet<OnnxNode> needed = NeededNodes();
        foreach (OnnxNode node in model.Graph.Nodes.Where(needed.Contains)) Translate(node);
        unsupported.ThrowIfAny();
    }

    /// <summary>The network with the graph's outputs.</summary>
    public Network Build()
    {
        if (model.Graph.Outputs.Count == 0) throw Damaged("the graph declares no output");
        return builder.Build([.. model.Graph.Outputs.Select(OutputOf)]);
    }

    /// <summary>Adds a node to the network.</summary>
    public Tensor Emit(string node, Op op, IReadOnlyList<Tensor> inputs, IReadOnlyList<Parameter>? with, string? output)
        => builder.Add(node, op, inputs, with, output is null ? null : [output]).Output;

    /// <summary>The parameter of a constant; one object for every use in the same shape and layout.</summary>
    public Parameter ParameterOf(string value, HostTensor constant, Shape shape, ParameterLayout layout, bool trained)
    {
        if (parameters.TryGetValue((value, shape, layout), out Parameter? known)) return known;
        return parameters[(value, shape, layout)] = constant.ToParameter(value, shape, layout, trained);
    }

    /// <summary>Sets a further output of a node.</summary>
    public void Set(string output, OnnxValue value)
    {
        if (output.Length > 0 && !values.TryAdd(output, value)) throw Damaged($"two nodes make the value '{output}'");
    }

    private void Translate(OnnxNode node)
    {
        string name = NameOf(node);
        OnnxValue?[] inputs = [.. node.Inputs.Select(i => Read(node, name, i))];
        try
        {
            Set(node.Outputs[0], Evaluate(node, name, inputs));
        }
        catch (VkInceptionException e) when (e.Code == ErrorCode.UnsupportedOperator)
        {
            unsupported.Add(e.Message.Length == 0 ? node.OpType : $"{node.OpType} with {e.Message}", name);
            values.TryAdd(node.Outputs[0], OnnxValue.Unknown);
        }
        foreach (string output in node.Outputs.Skip(1).Where(o => o.Length > 0 && !values.ContainsKey(o)))
        {
            values[output] = OnnxValue.Unknown;
            left.Add(output);
        }
    }

    private OnnxValue Evaluate(OnnxNode node, string name, OnnxValue?[] inputs)
    {
        if (node.Domain.Length > 0) throw Unsupported.Because($"domain {node.Domain}");
        Func<OnnxCall, OnnxValue>? translate = OnnxOperators.Find(node.OpType);
        bool folds = ConstantFolding.Knows(node.OpType);
        if (translate is null && !folds) throw Unsupported.Because("");
        if (node.Inputs.Any(left.Contains)) throw Unsupported.Because("a second output of another operator as input");
        if (inputs.Any(i => i is { IsUnknown: true })) return OnnxValue.Unknown;
        var call = new OnnxCall(this, node, name, inputs);
        if (folds && (ConstantFolding.NeedsShapeOnly(node.OpType) || inputs.All(i => i is null or { Constant: not null }))) return folding.Fold(call);
        return translate is not null ? translate(call) : throw Unsupported.Because("computed inputs");
    }

    private OnnxValue? Read(OnnxNode node, string name, string value)
    {
        if (value.Length == 0) return null;
        return values.TryGetValue(value, out OnnxValue known) ? known
            : throw Damaged($"node {name} ({node.OpType}) reads '{value}', which is no input, no initializer and made by no node before it");
    }

    private string NameOf(OnnxNode node)
    {
        if (node.Outputs.Count == 0 || node.Outputs[0].Length == 0) throw Damaged($"node {node} makes nothing");
        if (node.Inputs.Count + node.Outputs.Count > MostValues) throw Damaged($"node {node} has {node.Inputs.Count + node.Outputs.Count} inputs and outputs; at most {MostValues} are read");
        if (node.Name.Length > 0 && nodeNames.Add(node.Name)) return node.Name;
        string name = node.Outputs[0];
        while (!nodeNames.Add(name)) name = string.Create(CultureInfo.InvariantCulture, $"{node.Outputs[0]} #{++renamed}");
        return name;
    }

    private HashSet<OnnxNode> NeededNodes()
    {
        var producers = new Dictionary<string, OnnxNode>();
        foreach (OnnxNode node in model.Graph.Nodes)
            foreach (string output in node.Outputs) producers[output] = node;
        var needed = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        var open = new Stack<string>(model.Graph.Outputs.Select(o => o.Name));
        while (open.TryPop(out string? value))
        {
            if (!producers.TryGetValue(value, out OnnxNode? node) || !needed.Add(node)) continue;
            foreach (string input in node.Inputs.Where(i => i.Length > 0)) open.Push(input);
        }
        return needed;
    }

    private Tensor OutputOf(OnnxValueInfo output)
    {
        if (!values.TryGetValue(output.Name, out OnnxValue value)) throw Damaged($"no node makes the output '{output.Name}'");
        return value.Tensor ?? throw Damaged($"the output '{output.Name}' {(value.IsUnknown ? "is a by-product that is not computed" : "is a constant")}");
    }

    private Shape ShapeOf(OnnxValueInfo input, int batch, int height, int width)
    {
        if (input.Dimensions is not { Count: > 0 and <= ShapeArithmetic.MostAxes } declared)
            throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{Source}: input '{input.Name}' declares no shape, or one of more than {ShapeArithmetic.MostAxes} axes; export the model with its input's shape");
        long?[] dims = [.. declared.Select(d => d.Value)];
        dims[0] = batch;
        if (dims.Length == 4 && height > 0) dims[2] = height;
        if (dims.Length == 4 && width > 0) dims[3] = width;
        if (dims.Contains(null))
            throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{Source}: input '{input.Name}' of {string.Join('×', declared)} leaves its size open; give height and width, or export the model with them fixed");
        if (dims.Any(d => d is < 1 or > int.MaxValue) || dims.Aggregate(1.0, (all, d) => all * d!.Value) > int.MaxValue)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{Source}: input '{input.Name}' has the shape {string.Join('×', dims)}; extents are at least 1, and at most 2^31 elements in all");
        return Shape.Create([.. dims.Select(d => (int)d!.Value)]);
    }

    private VkInceptionException Damaged(string what) => new(ErrorCode.FileDamaged, $"{Source}: {what}");
}
