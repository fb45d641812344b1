using System.Collections.Immutable;

namespace VkInception.Graph.Training;

/// <summary>What an optimizer reads and writes; every view but the last three is flat, one element per trained element of the <see cref="ParameterSpace"/>.</summary>
/// <param name="Weights">The trained parameters; updated.</param>
/// <param name="Gradients">Their gradients, multiplied by the loss scale; read.</param>
/// <param name="States">The optimizer's own state, as <see cref="Optimizer.States"/> names it; updated.</param>
/// <param name="Average">The exponential moving average of the weights; null where none is kept.</param>
/// <param name="Multipliers">Two floats per <see cref="ParameterSpace.Granule"/> elements: multipliers of the learning rate and of the weight decay.</param>
/// <param name="Step">The step's values, <see cref="StepValues"/>.</param>
/// <param name="Control">Four floats that the gradient norm's launches write before the update: the norm (unscaled, before clipping);
/// 1 when every gradient is finite and 0 otherwise, when the update must change nothing; what to multiply gradients by (loss scale and clipping together); unused.</param>
public sealed record OptimizerTensors(
    TensorView Weights, TensorView Gradients, ImmutableArray<TensorView> States, TensorView? Average, TensorView Multipliers, TensorView Step, TensorView Control);
