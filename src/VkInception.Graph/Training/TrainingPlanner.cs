using System.Collections.Immutable;
using VkInception.Graph.Planning;

namespace VkInception.Graph.Training;

/// <summary>Plans a training step: forward pass, gradients of every operation in reverse, update; levels, memory and barriers for all of it. Plans of several threads do not touch each other: thread-safe.</summary>
public sealed class TrainingPlanner
{
    private readonly TrainingNetwork training;
    private readonly TrainingPlanOptions options;
    private readonly LaunchList launches;
    private readonly Placement activations;
    private readonly Placement gradients;
    private readonly ParameterSpace parameters;
    private readonly Storage step;
    private readonly Dictionary<Node, ImmutableArray<TensorView>> saved = [];
    private readonly HashSet<Tensor> differentiable = [];
    private readonly GradientShares backward;
    private readonly ClampedGradients clamped;
    private readonly HashSet<Storage> begun = [];
    private readonly HashSet<Parameter> begunParameters = [];

    private TrainingPlanner(TrainingNetwork training, IKernelChooser chooser, TrainingPlanOptions options)
    {
        this.training = training;
        this.options = options;
        launches = new LaunchList(chooser);
        activations = new Placement(training.Network, training: true, TypeOf);
        gradients = Placement.OfGradients(training.Network, TypeOf);
        parameters = new ParameterSpace(training.Network.Parameters, p => p.Trained && p.Derive is null && !options.IsFrozen(p), options.Precision);
        step = new Storage("step", StepValues.Words(Wide), resident: true);
        MarkDifferentiable();
        backward = new GradientShares(launches);
        clamped = new ClampedGradients(training.Network, gradients, differentiable);
    }

    private bool IsMixed => options.Precision == Precision.Mixed;

    /// <summary>What everything is that mixed precision does not halve.</summary>
    private ElementType Wide => options.Precision == Precision.Double ? ElementType.Float64 : ElementType.Float32;

    private TensorView Step => TensorView.Dense([(int)step.Elements], step);

    /// <summary>Plans one step.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when nothing is left to train; <see cref="ErrorCode.UnsupportedOperator"/> for an operation without a backward pass.</exception>
    public static TrainingPlan Plan(TrainingNetwork training, IKernelChooser chooser, TrainingPlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        options ??= new TrainingPlanOptions();
        return new TrainingPlanner(training, chooser, options).Plan();
    }

    private TrainingPlan Plan()
    {
        Network network = training.Network;
        if (parameters.TrainedElements == 0) throw new VkInceptionException(ErrorCode.InvalidArgument, $"{network.Name}: every parameter is frozen, nothing is left to train");
        ImmutableArray<Segment> segments = options.CheckpointActivations ? Segment.Of(network, activations) : [];
        launches.Add(null, Phase.Forward, parameters.Cast());
        foreach (Node node in network.Nodes) Forward(node);
        foreach (Node node in network.Nodes.Reverse()) Backward(node, segments);
        backward.Release();
        UpdatePlan? update = options.Optimizer is null ? null : UpdatePlan.Create(options.Optimizer, parameters, options.Average);
        if (update is not null) launches.Add(null, Phase.Update, update.Launches(parameters, Step));
        return new TrainingPlan(Execution(), training, parameters, step, update);
    }

    private ExecutionPlan Execution()
    {
        List<PlanStep> steps = launches.Levelled();
        (ImmutableArray<PlacedBlock> blocks, long bytes) = Arena.Place(Lifetimes.Of(steps, training.Network, activations, steps[^1].Level + 1));
        var hazards = new HazardTracker(blocks);
        return new ExecutionPlan(
            training.Network, [.. steps.Select(s => s with { BarrierBefore = hazards.NeedsBarrier(s.Launch) })], blocks, bytes,
            activations.Tensors.ToImmutableDictionary(t => t, t => activations[t]), [])
        {
            ParameterBytes = parameters.Weights.Bytes,
        };
    }

    /// <summary>A tensor has a gradient when something trained lies before it.</summary>
    private void MarkDifferentiable()
    {
        foreach (Node node in training.Network.Nodes)
            if (node.Inputs.Any(differentiable.Contains) || node.Parameters.Any(p => parameters[p].IsTrained))
                differentiable.UnionWith(node.Outputs);
    }

    /// <summary>Labels are integers, and losses are never half.</summary>
    private ElementType TypeOf(Tensor tensor)
    {
        if (tensor == training.Labels) return ElementType.Float32;
        return IsMixed && !training.Network.Outputs.Contains(tensor) ? ElementType.Float16 : Wide;
    }

    private void Forward(Node node)
    {
        saved[node] = [.. node.Op.Saved([.. node.Inputs.Select(t => t.Shape)]).Select((shape, i) => TensorView.Dense(shape, new Storage($"{node.Name} saved {i}", shape.Count, type: node.Op.SavesPositions ? ElementType.Float32 : Wide) { HoldsIntegers = node.Op.SavesPositions }))];
        launches.Add(node, Phase.Forward, node.Op.Forward(Tensors(node)));
    }

    private OpTensors Tensors(Node node, Segment? recomputed = null)
    {
        return new OpTensors(node, [.. node.Inputs.Select(View)], [.. node.Outputs.Select(View)], [.. node.Parameters.Select((p, i) => node.Op.IsHalved(i) ? parameters.MultipliedOf(p) : parameters.WeightsOf(p))])
        {
            Training = true,
            Recomputed = recomputed is not null,
            InputRange = node.Inputs.IsEmpty ? OutputRange.All : clamped.RangeOf(node.Inputs[0]),
            Saved = [.. saved[node].Select(Again)],
            Step = Step,
            Stream = training.Network.Nodes.IndexOf(node),
        };

        TensorView View(Tensor tensor) => Again(activations[tensor]);

        TensorView Again(TensorView view) => recomputed?.Again(view) ?? view;
    }

    private void Backward(Node node, ImmutableArray<Segment> segments)
    {
        if (!differentiable.Contains(node.Output)) return;
        Segment? segment = segments.FirstOrDefault(s => s.Nodes.Contains(node));
        if (segment is not null && segment.Begin()) Recompute(segment);
        // A tensor that no loss depends on was pruned, so every output has a gradient by now, the losses apart.
        bool isLoss = training.Network.Outputs.Contains(node.Output);
        var inputs = ImmutableArray.CreateBuilder<Gradient?>();
        foreach (Tensor input in node.Inputs) inputs.Add(InputGradient(node, input));
        backward.Add(node, node.Op.Backward(new BackwardTensors(
            Tensors(node, segment), isLoss ? [] : [.. node.Outputs.Select(t => gradients[t])], inputs.ToImmutable(), [.. node.Parameters.Select(ParameterGradient)])
        {
            OutputMasked = clamped.IsMasked(node.Output),
        }));
    }

    private void Recompute(Segment segment)
    {
        backward.Release();
        // Not before the backward pass arrives here: computed any earlier, the activations would lie in memory as if they had been kept.
        int first = launches.Levels;
        foreach (TensorView view in segment.Recomputed.SelectMany(n => saved[n])) segment.Clone(view.Storage);
        foreach (Node node in segment.Recomputed) launches.Add(node, Phase.Recompute, node.Op.Forward(Tensors(node, segment)), first);
    }

    private Gradient? InputGradient(Node reader, Tensor input)
    {
        if (!differentiable.Contains(input)) return null;
        TensorView view = gradients[input];
        // A gradient that is part of another's has one reader by construction.
        return new Gradient(view, Accumulate: gradients.HasOwnBlock(input) && !begun.Add(view.Storage)) { Clamped = clamped.Finish(reader, input) };
    }

    private Gradient? ParameterGradient(Parameter parameter)
        => parameters[parameter].IsTrained ? new Gradient(parameters.GradientOf(parameter), Accumulate: !begunParameters.Add(parameter)) : null;
}
