using System.Collections.Immutable;
using VkInception.Graph.Ops;
using VkInception.Graph.Training;

namespace VkInception.Graph.Attribution;

/// <summary>A training network whose only trained parameter tells the gradient of one class' score by feature maps, summed over each map. Immutable: any thread may use it.</summary>
/// <remarks>
/// Behind the maps A stands a bias b of zeros, one a map, so that ∂score/∂b[k] = Σ ∂score/∂A[k, i, j]. In front of the loss stands a fixed linear layer that makes
/// (s·score, 0) of the logits; with the label 1 the loss' gradient by the score is s·p, p = 1/(1 + e^(−s·score)), which <see cref="Divisor"/> takes out again. A small
/// s keeps p near a half for every score.
/// </remarks>
public sealed class ScoreProbe
{
    private const float Steepness = 1f / 64;

    private ScoreProbe(TrainingNetwork training, Parameter bias, ImmutableHashSet<Parameter> added)
    {
        Training = training;
        Bias = bias;
        Added = added;
    }

    /// <summary>The network with the loss; every image's label is 1.</summary>
    public TrainingNetwork Training { get; }

    /// <summary>The parameter whose gradient is wanted: an element per map.</summary>
    public Parameter Bias { get; }

    /// <summary>Parameters that have values of their own and belong to no checkpoint.</summary>
    public ImmutableHashSet<Parameter> Added { get; }

    /// <summary>Builds it.</summary>
    /// <param name="features">The maps.</param>
    /// <param name="classIndex">The class whose score is differentiated.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: no such class.</exception>
    public static ScoreProbe Create(FeatureMaps features, int classIndex)
    {
        ArgumentNullException.ThrowIfNull(features);
        int classes = features.Logits.Shape.C, channels = features.Maps.Shape.C;
        if (classIndex < 0 || classIndex >= classes)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{features.Network.Name}: class {classIndex} is outside 0 to {classes - 1}");
        var ones = new Parameter("probe weight", [channels, 1, 1, 1], ParameterLayout.Filter) { Value = Filled(channels, 1), Trained = false };
        var bias = new Parameter("probe bias", [channels]) { Value = new float[channels] };
        var probed = new Tensor($"{features.Maps.Name} probed", features.Maps.Shape);
        var nodes = ImmutableArray.CreateBuilder<Node>();
        foreach (Node node in features.Network.WithOutputs(features.Logits).Nodes)
        {
            nodes.Add(node with { Inputs = [.. node.Inputs.Select(t => t == features.Maps ? probed : t)] });
            if (node.Outputs.Contains(features.Maps)) nodes.Add(new Node(probed.Name, new Conv2d(channels, Window.Square(1), Groups: channels), [features.Maps], [probed], [ones, bias]));
        }
        Tensor logits = features.Logits == features.Maps ? probed : features.Logits;
        Parameter selection = Selection(classIndex, classes);
        Tensor selected = Select(logits, selection, nodes);
        var scored = new Network(features.Network.Name, features.Network.Inputs, nodes.ToImmutable(), [selected]);
        return new ScoreProbe(TrainingNetwork.Create(scored, new LossOptions { Dropout = false }), bias, [ones, bias, selection]);
    }

    /// <summary>What the bias' gradient is a multiple of, given the class' score.</summary>
    public static double Divisor(float score) => Steepness / (1 + Math.Exp(-Steepness * (double)score));

    private static Tensor Select(Tensor logits, Parameter selection, ImmutableArray<Node>.Builder nodes)
    {
        Tensor rows = logits;
        if (logits.Shape.Rank == 4)
        {
            rows = new Tensor($"{logits.Name} rows", [logits.Shape.N, logits.Shape.C]);
            nodes.Add(new Node(rows.Name, new Flatten(), [logits], [rows], []));
        }
        var selected = new Tensor($"{logits.Name} selected", [logits.Shape.N, 2]);
        nodes.Add(new Node(selected.Name, new Linear(2, Bias: false), [rows], [selected], [selection]));
        return selected;
    }

    private static Parameter Selection(int classIndex, int classes)
    {
        var values = new float[2 * classes];
        values[classIndex] = Steepness;
        return new Parameter("probe selection", [2, classes], ParameterLayout.Filter) { Value = values, Trained = false };
    }

    private static float[] Filled(int count, float value)
    {
        var values = new float[count];
        Array.Fill(values, value);
        return values;
    }
}
