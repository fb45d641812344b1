using System.Collections.Immutable;
using VkInception.Graph.Training.Optimizers;

namespace VkInception.Graph.Training;

/// <summary>A rule by which gradients change weights: its constants, the state it keeps, and its launches. One file per optimizer in Optimizers/.</summary>
/// <remarks>
/// Every update reads what <see cref="GradientNorm"/> wrote: where a gradient is not finite, neither weights nor state nor average change.
/// Weights, gradients and state are elements of one block, so gaps between parameters, zero in all of them, stay zero.
/// </remarks>
public abstract record Optimizer
{
    // shaders/include/optimizer.glsl: invocations that share a granule.
    private const int Lanes = 8;

    /// <summary>The name on the command line and in checkpoints.</summary>
    public abstract string Name { get; }

    /// <summary>Share of a weight that is added to its gradient (or, decoupled, taken from it), before the parameter's multiplier.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Names of the state it keeps, each of one float per trained element, zero at first: <c>momentum</c>.</summary>
    public abstract ImmutableArray<string> States { get; }

    /// <summary>The constants but the weight decay, as <see cref="Parse"/> reads them; empty where there are none.</summary>
    protected virtual string Settings => "";

    /// <summary>The launches of one update of all parameters at once, in order.</summary>
    public abstract IEnumerable<ShaderDispatch> Update(OptimizerTensors t);

    /// <summary>Fills in those of a step's values that depend on how many updates were made.</summary>
    /// <param name="values">The step's values.</param>
    /// <param name="update">Number of this update, from 1; skipped ones do not count.</param>
    /// <param name="precision">The step's arithmetic.</param>
    public virtual StepValues Prepare(StepValues values, long update, Precision precision = Precision.Single) => values;

    /// <summary>The decay of the moving average for a step: smaller at first, so that it soon forgets the random weights that it begins with.</summary>
    /// <param name="decay">The decay to reach.</param>
    /// <param name="update">Number of this update, from 1.</param>
    /// <returns>min(decay, (1 + update) / (10 + update)), as TensorFlow's <c>ExponentialMovingAverage</c> with <c>num_updates</c>.</returns>
    public static double AverageDecay(double decay, long update) => Math.Min(decay, (1.0 + update) / (10.0 + update));

    /// <summary>Reads an optimizer as <see cref="ToString"/> writes it: <c>sgd</c>, <c>sgd:momentum=0.9,form=caffe,nesterov=yes</c>,
    /// <c>rmsprop:alpha=0.9,epsilon=1,momentum=0.9,form=tensorflow</c>, <c>adam:beta1=0.9,beta2=0.999,epsilon=1e-8</c>, <c>adamw</c>; each also takes <c>weight-decay</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="momentum">An option of its own in place of the setting; null is none.</param>
    /// <param name="weightDecay">Likewise.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>, with what is allowed.</exception>
    public static Optimizer Parse(string text, float? momentum = null, float? weightDecay = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var settings = new SettingsText("optimizer", text);
        settings.Add("momentum", momentum);
        settings.Add("weight-decay", weightDecay);
        float decay = settings.Single("weight-decay", 0);
        Optimizer optimizer = settings.Name switch
        {
            "sgd" => Sgd.Read(settings),
            "rmsprop" => RmsProp.Read(settings),
            "adam" => Adam.Read(settings, decoupled: false),
            "adamw" => Adam.Read(settings, decoupled: true),
            _ => throw settings.Wrong("there is no such optimizer; there are sgd, rmsprop, adam, adamw"),
        };
        optimizer = settings.Complete(optimizer with { WeightDecay = decay });
        optimizer.Check();
        return optimizer;
    }

    /// <summary>Refuses constants with which nothing can be trained.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> naming the constant and its range.</exception>
    public void Check()
    {
        NotNegative("weight-decay", WeightDecay);
        CheckConstants();
    }

    /// <summary>The name and every constant, as <see cref="Parse"/> reads them.</summary>
    public sealed override string ToString() => $"{Name}:{Settings}{(Settings.Length > 0 ? "," : "")}weight-decay={SettingsText.Number(WeightDecay)}";

    /// <summary>Refuses constants that are out of range, by <see cref="Share"/>, <see cref="NotNegative"/> and <see cref="Wrong"/>.</summary>
    protected virtual void CheckConstants()
    {
    }

    /// <summary>What the kernels of a step take a constant for.</summary>
    protected static double Taken(float constant, Precision precision) => precision == Precision.Double ? DecimalValue.Of(constant) : constant;

    /// <summary>Refuses what is no share of what was before: from 0 to under 1.</summary>
    protected void Share(string name, float value)
    {
        if (!(value is >= 0 and < 1)) throw Wrong($"{name} must be at least 0 and under 1, not {SettingsText.Number(value)}");
    }

    /// <summary>Refuses what is negative or not finite.</summary>
    protected void NotNegative(string name, float value)
    {
        if (!(value is >= 0 and <= float.MaxValue)) throw Wrong($"{name} must be at least 0, not {SettingsText.Number(value)}");
    }

    /// <summary>An error about this optimizer's constants.</summary>
    protected VkInceptionException Wrong(string problem) => new(ErrorCode.InvalidArgument, $"optimizer {Name}: {problem}");

    /// <summary>A launch over all trained elements with what every optimizer's shader declares; states and constants are to be added.</summary>
    protected ShaderDispatch Launch(string shader, OptimizerTensors t)
    {
        int granules = (int)(t.Weights.Shape.Count / ParameterSpace.Granule);
        ShaderDispatch launch = ShaderDispatch.Of(shader).Update("w", t.Weights).Read("dw", t.Gradients)
            .Read("multipliers", t.Multipliers).Read("step", t.Step).Read("control", t.Control)
            .Specialize("averaged", t.Average is not null)
            .With("granules", granules).With("weightDecay", WeightDecay)
            .Over((long)granules * Lanes);
        // Every address that the shader declares must be one, used or not.
        return t.Average is { } average ? launch.Update("average", average) : launch.Read("average", t.Weights);
    }
}
