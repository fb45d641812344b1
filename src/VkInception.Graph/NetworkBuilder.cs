using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>Builds a <see cref="Network"/> node by node; shapes are inferred and checked at once. Not thread-safe.</summary>
public sealed class NetworkBuilder(string name)
{
    private readonly ImmutableArray<Tensor>.Builder inputs = ImmutableArray.CreateBuilder<Tensor>();
    private readonly ImmutableArray<Node>.Builder nodes = ImmutableArray.CreateBuilder<Node>();
    private readonly Dictionary<string, Tensor> aliases = [];
    private readonly HashSet<string> nodeNames = [];

    /// <summary>A tensor that the caller feeds; rank 4 is N C H W.</summary>
    public Tensor Input(string name, Shape shape)
    {
        var tensor = new Tensor(name, shape);
        inputs.Add(tensor);
        return tensor;
    }

    /// <summary>Adds a node; its parameters are keyed <c>NODE.suffix</c>, its output carries its name.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/> naming the node.</exception>
    public Tensor Add(string nodeName, Op op, params ReadOnlySpan<Tensor> inputs) => Add(nodeName, op, inputs.ToArray(), null).Output;

    /// <summary>Adds a node with explicit parameters or output names, for importers.</summary>
    /// <param name="nodeName">Unique in the network.</param>
    /// <param name="op">The operation.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="parameters">In the order of <see cref="OpSpec.Parameters"/>; null makes them from the node's name.</param>
    /// <param name="outputNames">Names of the outputs; null takes the node's.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/> naming the node.</exception>
    public Node Add(string nodeName, Op op, IReadOnlyList<Tensor> inputs, IReadOnlyList<Parameter>? parameters, IReadOnlyList<string>? outputNames = null)
    {
        if (!nodeNames.Add(nodeName)) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{name}: two nodes are named \"{nodeName}\"; node names must differ");
        OpSpec spec = Infer(nodeName, op, inputs);
        parameters ??= [.. spec.Parameters.Select(p => new Parameter($"{nodeName}.{p.Suffix}", p.Shape, p.Layout) { Trained = p.Trained })];
        Check(nodeName, spec, parameters);
        var outputs = spec.Outputs.Select((shape, i) => new Tensor(outputNames?[i] ?? (i == 0 ? nodeName : $"{nodeName}:{i}"), shape));
        var node = new Node(nodeName, op, [.. inputs], [.. outputs], [.. parameters]);
        nodes.Add(node);
        return node;
    }

    /// <summary>Gives a tensor a further name; a later one of the same name wins, as Caffe's in-place blobs want it.</summary>
    public void Alias(string alias, Tensor tensor) => aliases[alias] = tensor;

    /// <summary>The network with these outputs, nodes that nothing needs included: <see cref="Network.WithOutputs"/> prunes.</summary>
    public Network Build(params ReadOnlySpan<Tensor> outputs) => new(name, inputs.ToImmutable(), nodes.ToImmutable(), [.. outputs], aliases);

    private OpSpec Infer(string nodeName, Op op, IReadOnlyList<Tensor> inputs)
    {
        try
        {
            return op.Infer([.. inputs.Select(t => t.Shape)]);
        }
        catch (VkInceptionException e)
        {
            string shapes = string.Join(", ", inputs.Select(t => t.Shape));
            throw new VkInceptionException(e.Code, $"{name}: node {nodeName} ({op.Type} of {shapes}): {e.Message}", e);
        }
    }

    private void Check(string nodeName, OpSpec spec, IReadOnlyList<Parameter> parameters)
    {
        if (parameters.Count != spec.Parameters.Length)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{name}: node {nodeName}: {spec.Parameters.Length} parameters wanted, {parameters.Count} given");
        foreach ((Parameter given, ParameterSpec wanted) in parameters.Zip(spec.Parameters))
            if (!given.Shape.Equals(wanted.Shape))
                throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{name}: node {nodeName}: parameter {given.Name} is {given.Shape}, {wanted.Shape} is wanted");
    }
}
