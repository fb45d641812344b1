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

    public static void Restore(TrainingState state, CompiledTraining training, Position position)
    {
        UpdatePlan update = training.Plan.Update!;
        var weights = state.Weights.ToDictionary(t => t.Name);
        training.LoadWeights(new Tensors(weights));
        foreach (Storage storage in update.States) Write(storage, state.Optimizer[storage.Name]);
        if (update.Average is { } average) Write(average, state.Ema);
        position.Restore(state, long.Parse(state.Extra[UpdatesKey], CultureInfo.InvariantCulture));

        void Write(Storage storage, IReadOnlyList<NamedTensor> tensors)
        {
            var byName = tensors.ToDictionary(t => t.Name);
            training.WriteState(storage, parameter => byName[parameter.Name].ToFloat32());
        }
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

    private sealed class Tensors(Dictionary<string, NamedTensor> tensors) : IWeightSource
    {
        public bool Has(Parameter parameter) => tensors.ContainsKey(parameter.Name);

        public ReadOnlyMemory<float> Read(Parameter parameter) => tensors.TryGetValue(parameter.Name, out NamedTensor? tensor)
            ? tensor.ToFloat32()
            : throw new VkInceptionException(ErrorCode.WeightMismatch, $"the checkpoint has no tensor \"{parameter.Name}\"");
    }
}
