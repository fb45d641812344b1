using System.Globalization;
using VkInception.Graph;
using VkInception.Graph.Training;
using VkInception.Weights;

namespace VkInception.Training;

/// <summary>Takes the state of a training step off the device, and puts one back.</summary>
internal static class StateExchange
{
    private const string UpdatesKey = "updates";

    public static TrainingState Capture(CompiledTraining training, RunIdentity identity, Position position)
    {
        UpdatePlan update = training.Plan.Update!;
        return new TrainingState
        {
            Identity = identity,
            Step = position.Step,
            Epoch = position.Epoch,
            BatchInEpoch = position.Batch,
            Progress = position.Sums,
            BestAccuracy = position.BestTop1,
            LossScaler = training.Plan.IsMixed ? new LossScalerState(position.Scaler.Scale, position.Scaler.GoodSteps) : null,
            Extra = new Dictionary<string, string> { [UpdatesKey] = position.Updates.ToString(CultureInfo.InvariantCulture) },
            Weights = Named(training.ReadWeights()),
            Optimizer = update.States.ToDictionary(s => s.Name, s => (IReadOnlyList<NamedTensor>)Named(training.ReadState(s))),
            Ema = update.Average is null ? [] : Named(training.ReadState(update.Average)),
        };
    }

    /// <summary>Puts a checkpoint's state back.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.WeightMismatch"/>, <see cref="ErrorCode.FileDamaged"/>: it is not that of this network and optimizer.</exception>
    public static void Restore(ResumePoint point, CompiledTraining training, Position position)
    {
        TrainingState state = point.State;
        UpdatePlan update = training.Plan.Update!;
        if (!long.TryParse(state.Extra.GetValueOrDefault(UpdatesKey), NumberStyles.None, CultureInfo.InvariantCulture, out long updates))
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{point.Path}: does not say how many updates were made; go on from another checkpoint");
        training.LoadWeights(new Tensors("weights", state.Weights, point.Path));
        foreach (Storage storage in update.States) Write(storage, state.Optimizer.GetValueOrDefault(storage.Name, []));
        if (update.Average is { } average) Write(average, state.Ema);
        position.Restore(state, updates);

        void Write(Storage storage, IReadOnlyList<NamedTensor> tensors) => training.WriteState(storage, new Tensors(storage.Name, tensors, point.Path).Read);
    }

    /// <summary>The weights to use the network with: averaged where an average is kept, running statistics as they are.</summary>
    public static WeightSnapshot WeightsForUse(CompiledTraining training)
    {
        var weights = training.ReadWeights().ToDictionary(w => w.Key.Name, w => w.Value);
        if (training.Plan.Update?.Average is { } average)
            foreach ((Parameter parameter, float[] values) in training.ReadState(average)) weights[parameter.Name] = values;
        return new WeightSnapshot(weights);
    }

    private static NamedTensor[] Named(IReadOnlyDictionary<Parameter, float[]> values)
        => [.. values.Where(v => v.Key.Name != TrainingNetwork.ClassWeightsName).Select(v => NamedTensor.FromFloat32(v.Key.Name, v.Key.Shape.Dims, v.Value))];

    /// <summary>The tensors of one kind in a checkpoint: weights, or a state of the optimizer.</summary>
    private sealed class Tensors(string kind, IReadOnlyList<NamedTensor> tensors, string path) : IWeightSource
    {
        private readonly Dictionary<string, NamedTensor> byName = tensors.ToDictionary(t => t.Name);

        public bool Has(Parameter parameter) => byName.ContainsKey(parameter.Name);

        public ReadOnlyMemory<float> Read(Parameter parameter)
        {
            if (!byName.TryGetValue(parameter.Name, out NamedTensor? tensor))
                throw new VkInceptionException(ErrorCode.WeightMismatch, $"{path}: has no {kind} of \"{parameter.Name}\"; it is of another network or optimizer");
            if (!tensor.Shape.AsSpan().SequenceEqual(parameter.Shape.Dims.AsSpan()))
                throw new VkInceptionException(ErrorCode.WeightMismatch, $"{path}: {kind} of \"{parameter.Name}\" is {string.Join('×', tensor.Shape)}, the network needs {parameter.Shape}; it is of another network");
            return tensor.ToFloat32();
        }
    }
}
