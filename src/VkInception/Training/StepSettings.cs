using System.Globalization;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Schedules;

namespace VkInception.Training;

/// <summary>Computes what changes from step to step: learning rate, loss scale, decay of the average, Adam's corrections.</summary>
internal sealed class StepSettings(TrainerOptions options, int stepsPerEpoch)
{
    private readonly Optimizer optimizer = options.Step.Optimizer ?? throw new VkInceptionException(ErrorCode.InvalidArgument, "training takes an optimizer");

    /// <summary>The learning rate of a step, which so many came before.</summary>
    public float RateOf(long step) => (float)(options.LearningRate * options.Schedule.Factor(new ScheduleClock(step, stepsPerEpoch, (long)stepsPerEpoch * options.Epochs)));

    private bool IsMixed => options.Step.Precision == Precision.Mixed;

    /// <summary>The values of the step that follows a position.</summary>
    public StepValues Next(Position position)
    {
        var values = new StepValues
        {
            SeedLow = unchecked((uint)options.Seed),
            SeedHigh = (uint)(options.Seed >> 32),
            Number = unchecked((uint)position.Step),
            LossScale = IsMixed ? position.Scaler.Scale : 1,
            LearningRate = RateOf(position.Step),
            ClipNorm = options.ClipNorm,
            AverageDecay = Optimizer.AverageDecay(options.AverageDecay, position.Updates + 1),
        };
        return optimizer.Prepare(values, position.Updates + 1);
    }

    /// <summary>Everything that shapes the run and is not named elsewhere in its identity.</summary>
    public Dictionary<string, string> Describe()
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        var settings = new Dictionary<string, string>(options.Settings)
        {
            ["learning rate"] = options.LearningRate.ToString(c),
            ["batch"] = options.Step.Batch.ToString(c),
            ["clip norm"] = options.ClipNorm.ToString(c),
            ["average decay"] = options.AverageDecay.ToString(c),
            ["label smoothing"] = options.Step.Smoothing.ToString(c),
            ["auxiliary weight"] = options.Step.AuxiliaryWeight?.ToString(c) ?? "the model's",
            ["dropout"] = options.Step.Dropout ? "on" : "off",
            ["activations"] = options.Step.CheckpointActivations ? "recomputed" : "kept",
        };
        if (IsMixed) settings["precision"] = "mixed";
        return settings;
    }
}
