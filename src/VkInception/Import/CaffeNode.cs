using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import;

/// <summary>A layer that is being translated, with the tensors that it reads.</summary>
internal sealed class CaffeNode(CaffeGraph graph, CaffeLayer layer, IReadOnlyList<Tensor> inputs)
{
    public CaffeGraph Graph { get; } = graph;

    public string Name => Layer.Name;

    public CaffeLayer Layer { get; } = layer;

    public IReadOnlyList<Tensor> Inputs { get; } = inputs;

    /// <summary>File, line and layer, for messages.</summary>
    public string Where => $"{Layer.Message.Location}: layer '{Name}' ({Layer.Type})";

    /// <summary>The one input of a layer that takes one.</summary>
    public Tensor Input => Inputs.Count == 1 ? Inputs[0]
        : throw new VkInceptionException(ErrorCode.FileDamaged, $"{Where} takes one bottom, it has {Inputs.Count}");

    /// <summary>The layer's own parameters, empty where it has none.</summary>
    public PrototxtMessage Parameters(string name) => Layer.Parameters(name);

    /// <summary>Adds a node before the layer's own.</summary>
    public Tensor Step(string suffix, Op op, params Tensor[] inputs) => Graph.Emit($"{Name} {suffix}", op, inputs);

    /// <summary>Adds the layer's own node, which makes its top.</summary>
    public Tensor Finish(Op op, Tensor input, IReadOnlyList<Parameter>? parameters = null) => Finish(op, [input], parameters);

    /// <summary>Adds the layer's own node, which makes its top.</summary>
    public Tensor Finish(Op op, IReadOnlyList<Tensor> inputs, IReadOnlyList<Parameter>? parameters = null)
    {
        Tensor output = Graph.Emit(Name, op, inputs, parameters);
        Graph.Write(Layer.Tops.Count > 0 ? Layer.Tops[0] : Name, output);
        return output;
    }
}
