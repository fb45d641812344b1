using System.Collections.Immutable;

namespace VkInception.Graph.Training;

/// <summary>The optimizer of a training step and the blocks it works on.</summary>
/// <param name="Optimizer">The rule.</param>
/// <param name="States">Its state, one block each, as <see cref="Training.Optimizer.States"/> names it.</param>
/// <param name="Average">The moving average of the weights; null where none is kept.</param>
/// <param name="Multipliers">Learning-rate and decay multipliers, two floats per granule.</param>
/// <param name="Control">What the gradient norm's launches leave: norm, finite flag, gradient factor.</param>
public sealed record UpdatePlan(Optimizer Optimizer, ImmutableArray<Storage> States, Storage? Average, Storage Multipliers, Storage Control)
{
    /// <summary>All of them.</summary>
    public ImmutableArray<Storage> Residents => [.. States, .. Average is null ? (Storage[])[] : [Average], Multipliers, Control];

    /// <summary>The blocks for an optimizer over a parameter space.</summary>
    public static UpdatePlan Create(Optimizer optimizer, ParameterSpace space, bool average)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(space);
        return new UpdatePlan(
            optimizer,
            [.. optimizer.States.Select(name => Block(name, space.TrainedElements))],
            average ? Block("average", space.TrainedElements) : null,
            Block("multipliers", space.TrainedElements / ParameterSpace.Granule * 2),
            Block("control", GradientNorm.ControlElements));

        Storage Block(string name, long elements) => new(name, elements, resident: true, type: space.Weights.Type);
    }

    /// <summary>The launches that turn gradients into new weights.</summary>
    public IEnumerable<Dispatch> Launches(ParameterSpace space, TensorView step)
    {
        ArgumentNullException.ThrowIfNull(space);
        var tensors = new OptimizerTensors(
            space.Trained(space.Weights), space.Trained(space.Gradients), [.. States.Select(space.Trained)], Average is null ? null : space.Trained(Average),
            TensorView.Dense([(int)Multipliers.Elements], Multipliers), step, TensorView.Dense([(int)Control.Elements], Control));
        return [.. GradientNorm.Launches(tensors.Gradients, tensors.Step, tensors.Control), .. Optimizer.Update(tensors)];
    }
}
