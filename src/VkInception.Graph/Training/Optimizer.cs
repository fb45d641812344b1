using System.Collections.Immutable;

namespace VkInception.Graph.Training;

/// <summary>A rule by which gradients change weights: its constants, the state it keeps, and its launches. One file per optimizer in Optimizers/.</summary>
/// <remarks>
/// Every update reads what <see cref="GradientNorm"/> wrote: where a gradient is not finite, neither weights nor state nor average change.
/// Weights, gradients and state are elements of one block, so gaps between parameters, zero in all of them, stay zero.
/// </remarks>
public abstract record Optimizer
{
    // shaders/include/optimizer.glsl: a workgroup takes a granule at a time, four elements an invocation.
    private const int LocalSize = ParameterSpace.Granule / 4;
    private const int MostGroups = 65535;

    /// <summary>The name on the command line and in checkpoints.</summary>
    public abstract string Name { get; }

    /// <summary>Share of a weight that is added to its gradient (or, decoupled, taken from it), before the parameter's multiplier.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Names of the state it keeps, each of one float per trained element, zero at first: <c>momentum</c>.</summary>
    public abstract ImmutableArray<string> States { get; }

    /// <summary>The launches of one update of all parameters at once, in order.</summary>
    public abstract IEnumerable<ShaderDispatch> Update(OptimizerTensors t);

    /// <summary>Fills in those of a step's values that depend on how many updates were made.</summary>
    /// <param name="values">The step's values.</param>
    /// <param name="update">Number of this update, from 1; skipped ones do not count.</param>
    public virtual StepValues Prepare(StepValues values, long update) => values;

    /// <summary>The decay of the moving average for a step: smaller at first, so that it soon forgets the random weights that it begins with.</summary>
    /// <param name="decay">The decay to reach.</param>
    /// <param name="update">Number of this update, from 1.</param>
    /// <returns>min(decay, (1 + update) / (10 + update)), as TensorFlow's <c>ExponentialMovingAverage</c> with <c>num_updates</c>.</returns>
    public static float AverageDecay(float decay, long update) => (float)Math.Min(decay, (1.0 + update) / (10.0 + update));

    /// <summary>A launch over all trained elements with what every optimizer's shader declares; states and constants are to be added.</summary>
    private protected ShaderDispatch Launch(string shader, OptimizerTensors t)
    {
        int granules = (int)(t.Weights.Shape.Count / ParameterSpace.Granule);
        ShaderDispatch launch = ShaderDispatch.Of(shader).Update("w", t.Weights).Read("dw", t.Gradients)
            .Read("multipliers", t.Multipliers).Read("step", t.Step).Read("control", t.Control)
            .Specialize("averaged", t.Average is not null)
            .With("granules", granules).With("weightDecay", WeightDecay)
            .Groups(Math.Min(granules, MostGroups), 1, 1, LocalSize);
        // Every address that the shader declares must be one, used or not.
        return t.Average is { } average ? launch.Update("average", average) : launch.Read("average", t.Weights);
    }
}
