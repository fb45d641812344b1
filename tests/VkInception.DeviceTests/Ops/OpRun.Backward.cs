using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Graph.Training;
using VkInception.Reference;

namespace VkInception.DeviceTests.Ops;

/// <summary>The training half: forward with what it saves, then backward.</summary>
internal sealed partial class OpRun
{
    /// <summary>Elements of each gradient that are held to differences, where the reference has no backward pass of its own.</summary>
    public int Sample { get; init; } = 40;

    /// <summary>The step's values; the loss scale multiplies a loss's gradients.</summary>
    public StepValues Step { get; init; } = new() { SeedLow = 1, SeedHigh = 2, Number = 3, LossScale = 8 };

    /// <summary>The node's number in its network.</summary>
    public int Stream { get; init; } = 5;

    /// <summary>The tolerance of gradients that are held to differences, which have nine digits; null is that of all else.</summary>
    public double? DifferenceTolerance { get; init; }

    /// <summary>What gradients are compared relative to where they are smaller.</summary>
    public double Scale { get; init; } = 1;

    private static readonly OutputRange[] Clamps = [OutputRange.ReLU, new(-0.5f, 0.5f), new(float.NegativeInfinity, 0.25f)];

    /// <summary>Whether chance may want gradients masked where the input was clamped (<see cref="Op.Masking"/>).</summary>
    public bool MasksGradients { get; init; } = true;

    /// <summary>Whether the input's gradient may lie where the output's does, if chance wants it (elementwise operations).</summary>
    public bool MayShareGradient { get; init; }

    /// <summary>
    /// Runs the training forward pass and the backward pass on random elements; outputs, changed parameters and gradients must lie within
    /// <paramref name="tolerance"/> of the reference's: of its own backward pass where it has one, else of central differences of its forward pass.
    /// </summary>
    /// <remarks>Chance decides which gradients are wanted, which of them add to what is there, and where everything lies.</remarks>
    public void VerifyBackward(Op op, double tolerance, params Shape[] shapes)
    {
        var run = new OpMemory(device, random);
        Node node = NodeOf(op, shapes);
        (Values[] inputs, Values[] parameters) = Draw(node);
        OpTensors forward = Place(run, node, shapes);
        // A loss has no gradient to start from but what it counts for.
        var loss = op as SoftmaxCrossEntropy;
        Values dy = loss is not null ? new Values(node.Output.Shape, [loss.Weight * (double)Step.LossScale, 0, 0]) : OffBounds(op, inputs, parameters, Filled(node.Output.Shape, "dy", Type), tolerance);
        TensorView[] outputGradients = loss is not null ? [] : [run.Place(node.Output.Shape, Type)];
        OutputRange clamped = op.Masking != GradientMasking.None && MasksGradients && random.Next(2) == 0 ? Clamps[random.Next(Clamps.Length)] : OutputRange.All;
        if (op.Masking == GradientMasking.Share) forward = forward with { InputRange = clamped };
        BackwardTensors backward = Wanted(run, forward, outputGradients, op.Masking == GradientMasking.Whole ? clamped : OutputRange.All);

        List<ShaderDispatch> forwardLaunches = Launches(op.Forward(forward)), backwardLaunches = Launches(op.Backward(backward));
        run.Poison([.. forwardLaunches, .. backwardLaunches]);
        Fill(run, forward, inputs, parameters);
        string what = Describe(op, shapes) + "training, ";
        TensorView[] given = [.. forward.Inputs, .. forward.Parameters, forward.Step!];
        Values[] updated = References.Updated(op, inputs, parameters);
        IEnumerable<TensorView> changed = forward.Parameters.Where((_, i) => !ReferenceEquals(updated[i], parameters[i]));
        run.Run(node, forwardLaunches, [.. forward.Outputs, .. forward.Saved, .. changed], given, what + "forward: ");
        var chance = new TrainingChance(((ulong)Step.SeedHigh << 32) | Step.SeedLow, Step.Number, (uint)Stream);
        Compare(References.Train(op, inputs, parameters, chance).Data, run.Read(forward.Output), tolerance, Scale, what + "forward: ");
        for (int i = 0; i < parameters.Length; i++)
            Compare(updated[i].Data, run.Read(forward.Parameters[i], node.Parameters[i]), tolerance, Scale, $"{what}{node.Parameters[i].Name} after the forward pass: ");

        if (backward.OutputMasked) dy = new Values(dy.Shape, [.. dy.Data.Zip(run.Read(forward.Output), (g, y) => LiesAtEnd(y, ((Conv2d)op).Range) ? 0 : g)]);
        foreach (TensorView view in outputGradients) run.Write(view, dy.Data);
        (Gradient Gradient, Parameter? Parameter, Values Before)[] filled = [.. Gradients(backward).Select(g => (g.Gradient, g.Parameter, FillGradient(run, g.Gradient, g.Parameter)))];
        run.Run(node, backwardLaunches, [.. outputGradients, .. filled.Select(f => f.Gradient.View)], [.. given, .. forward.Outputs, .. forward.Saved], what + "backward: ");

        var expectation = new ExpectedGradients(op, inputs, parameters, dy, chance, random, Sample)
        {
            Blocked = clamped.IsAll ? null : [.. inputs[0].Data.Select(x => LiesAtEnd(x, clamped))],
            BlocksAll = op.Masking == GradientMasking.Whole,
        };
        foreach ((Gradient gradient, Parameter? parameter, Values start) in filled)
        {
            int index = parameter is null ? backward.InputGradients.IndexOf(gradient) : node.Parameters.IndexOf(parameter);
            double[] found = parameter is null ? run.Read(gradient.View) : run.Read(gradient.View, parameter);
            string name = parameter?.Name ?? $"input {index}";
            expectation.Compare(parameter is not null, index, start, found, tolerance, DifferenceTolerance ?? tolerance, Scale, $"{what}gradient of {name}{(gradient.Accumulate ? ", accumulated" : "")}: ");
        }
    }

    /// <summary>The gradient without the elements that lie so near a bound of a clamp inside the operation that rounding decides whether theirs passes.</summary>
    private Values OffBounds(Op op, Values[] inputs, Values[] parameters, Values dy, double tolerance)
    {
        (Op? free, OutputRange range) = op switch
        {
            Conv2d conv => (conv with { Range = OutputRange.All }, conv.Range),
            Linear linear => (linear with { Range = OutputRange.All }, linear.Range),
            BatchNorm2d norm => (norm with { Range = OutputRange.All }, norm.Range),
            _ => ((Op?)null, OutputRange.All),
        };
        if (free is null || range.IsAll) return dy;
        double near = Math.Max(tolerance, 1e-4) * Scale;
        double[] before = References.Train(free, inputs, parameters, new TrainingChance(0, 0, 0)).Data;
        return new Values(dy.Shape, [.. dy.Data.Zip(before, (g, y) => Math.Abs(y - range.Low) <= near || Math.Abs(y - range.High) <= near ? 0 : g)]);
    }

    private OpTensors Place(OpMemory run, Node node, Shape[] shapes)
        => new(node, [.. node.Inputs.Select((t, i) => run.Place(t.Shape, i == IntegerInput ? ElementType.Float32 : Type))],
            [run.Place(node.Output.Shape, node.Op is SoftmaxCrossEntropy ? SumType : Type)],
            [.. node.Parameters.Select((p, i) => run.Place(p, own: false, TypeOf(node, i)))])
        {
            Training = true,
            Saved = [.. node.Op.Saved([.. shapes]).Select(s => run.Place(s, node.Op.SavesPositions ? ElementType.Float32 : SumType))],
            Step = run.Place(new Parameter("step", [StepValues.Words(SumType)]), own: false),
            Stream = Stream,
        };

    /// <summary>Whether nothing passes backwards: a NaN lets it.</summary>
    private static bool LiesAtEnd(double value, OutputRange range)
        => (float.IsFinite(range.Low) && value <= range.Low) || (float.IsFinite(range.High) && value >= range.High);

    private BackwardTensors Wanted(OpMemory run, OpTensors forward, TensorView[] outputGradients, OutputRange clamped)
    {
        Gradient?[] inputs, parameters;
        do
        {
            inputs = [.. forward.Inputs.Select((x, i) => i == IntegerInput || random.Next(5) == 0 ? null : GradientOf(x, i))];
            parameters = [.. forward.Node.Parameters.Select(p => !p.Trained || random.Next(5) == 0 ? null : new Gradient(run.Place(p, own: false, SumType), random.Next(2) == 0))];
        }
        while (inputs.Concat(parameters).All(g => g is null));
        return new BackwardTensors(forward, [.. outputGradients], [.. inputs], [.. parameters])
        {
            OutputMasked = MasksGradients && forward.Node.Op is Conv2d { Range.IsAll: false } && random.Next(3) == 0,
        };

        Gradient GradientOf(TensorView x, int index) => MayShareGradient && index == 0 && random.Next(3) == 0 && outputGradients[0].Shape.Equals(x.Shape)
            ? new Gradient(outputGradients[0], false)
            : new Gradient(run.Place(x.Shape, Type), random.Next(2) == 0) { Clamped = clamped };
    }

    private static IEnumerable<(Gradient Gradient, Parameter? Parameter)> Gradients(BackwardTensors t)
        => t.InputGradients.Where(g => g is not null).Select(g => (g!, (Parameter?)null))
            .Concat(t.ParameterGradients.Select((g, i) => (g!, (Parameter?)t.Forward.Node.Parameters[i])).Where(g => g.Item1 is not null));

    /// <summary>Known values where the gradient adds to what is there; otherwise nothing is written before, and zero is what it starts from.</summary>
    private Values FillGradient(OpMemory run, Gradient gradient, Parameter? parameter)
    {
        if (!gradient.Accumulate) return new Values(gradient.View.Shape);
        Values before = Filled(gradient.View.Shape, "before", gradient.View.Type);
        if (parameter is null) run.Write(gradient.View, before.Data);
        else run.Write(gradient.View, parameter, before.Data);
        return before;
    }
}
