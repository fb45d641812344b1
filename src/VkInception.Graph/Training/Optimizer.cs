using System.Collections.Immutable;

namespace VkInception.Graph.Training;

/// <summary>A rule by which gradients change weights: its constants, the state it keeps, and its launches. One file per optimizer in Optimizers/.</summary>
public abstract record Optimizer
{
    /// <summary>The name on the command line and in checkpoints.</summary>
    public abstract string Name { get; }

    /// <summary>Names of the state it keeps, each of one float per trained element, zero at first: <c>momentum</c>.</summary>
    public abstract ImmutableArray<string> States { get; }

    /// <summary>The launches of one update of all parameters at once, in order.</summary>
    public abstract IEnumerable<ShaderDispatch> Update(OptimizerTensors t);
}
