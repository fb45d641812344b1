using System.Collections.Immutable;
using VkInception.Graph.Ops;
using VkInception.Graph.Rewrites;

namespace VkInception.Graph.Training;

/// <summary>A network with its losses: what a training step computes. Immutable: any thread may use it.</summary>
public sealed class TrainingNetwork
{
    /// <summary>Name of the parameter that holds the classes' weights in the loss; it belongs to the data, not to the network.</summary>
    public const string ClassWeightsName = "class_weights";

    private TrainingNetwork(Network network, ImmutableArray<TrainingHead> heads)
    {
        Network = network;
        Heads = heads;
    }

    /// <summary>The network; inputs are the images and the labels (N 32-bit integers), outputs the losses of <see cref="Heads"/>.</summary>
    public Network Network { get; }

    /// <summary>The images.</summary>
    public Tensor Images => Network.Inputs[0];

    /// <summary>The labels.</summary>
    public Tensor Labels => Network.Inputs[1];

    /// <summary>The classifier, then the auxiliary ones.</summary>
    public ImmutableArray<TrainingHead> Heads { get; }

    /// <summary>Puts a loss behind every classifier of a network.</summary>
    /// <param name="network">Its first output is the classifier's, the others are auxiliary heads'; a softmax at the end is taken off, for the loss has its own.</param>
    /// <param name="options">Weights, smoothing, dropout.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: an output is no N×C logits.</exception>
    public static TrainingNetwork Create(Network network, LossOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        var nodes = network.Nodes.ToBuilder();
        var labels = new Tensor("labels", [network.Inputs[0].Shape.N]);
        var heads = new List<TrainingHead>();
        Parameter? classWeights = null;
        foreach (Tensor output in network.Outputs)
        {
            float weight = heads.Count == 0 ? 1 : options.AuxiliaryWeight;
            if (weight == 0) continue;
            Tensor logits = Logits(network, output, nodes);
            if (options.ClassWeights is { } given) classWeights ??= ClassWeights(given, logits);
            Node loss = Loss(logits, labels, new SoftmaxCrossEntropy(weight, options.Smoothing, classWeights is not null), classWeights);
            nodes.Add(loss);
            heads.Add(new TrainingHead(logits, loss.Output, weight));
        }
        var whole = new Network(network.Name, [network.Inputs[0], labels], nodes.ToImmutable(), [.. heads.Select(h => h.Loss)], network.Aliases);
        return new TrainingNetwork(Rewrite.ForTraining(whole.WithOutputs([.. whole.Outputs]), options.Dropout), [.. heads]);
    }

    /// <summary>What stands before a softmax at the end, as N×C.</summary>
    private static Tensor Logits(Network network, Tensor output, ImmutableArray<Node>.Builder nodes)
    {
        Tensor logits = output;
        for (Node? node = network.Producer(output); node?.Op is Softmax or ViewOp and not Dropout; node = network.Producer(node.Inputs[0]))
            if (node.Op is Softmax) logits = node.Inputs[0];
        if (logits.Shape.Rank == 2) return logits;
        if (logits.Shape is not { Rank: 4, H: 1, W: 1 })
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{network.Name}: output {logits} is no N×classes; only classifiers can be trained");
        var flat = new Tensor($"{logits.Name} flat", [logits.Shape.N, logits.Shape.C]);
        nodes.Add(new Node($"{logits.Name} flat", new Flatten(), [logits], [flat], []));
        return flat;
    }

    private static Parameter ClassWeights(IReadOnlyList<float> given, Tensor logits)
        => given.Count == logits.Shape[1]
            ? new Parameter(ClassWeightsName, [given.Count]) { Value = given.ToArray(), Trained = false }
            : throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{given.Count} class weights for {logits.Shape[1]} classes");

    private static Node Loss(Tensor logits, Tensor labels, SoftmaxCrossEntropy op, Parameter? classWeights)
    {
        OpSpec spec = op.Infer([logits.Shape, labels.Shape]);
        string name = $"{logits.Name} loss";
        return new Node(name, op, [logits, labels], [new Tensor(name, spec.Outputs[0])], classWeights is null ? [] : [classWeights]);
    }
}
