using VkInception.Graph;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Schedules;
using VkInception.Training;

namespace VkInception.Cli.Training;

/// <summary>So many optimizer steps on one batch.</summary>
internal sealed class BatchStepper(CompiledTraining training, Optimizer optimizer, float learningRate, Schedule schedule, int steps, ulong seed, float clipNorm, float average)
{
    /// <summary>Takes the steps; one that mixed precision skips, because the loss scale was too large, is no step and is tried again with a smaller one.</summary>
    /// <returns>The loss before each, and how many images the classifier had right before the last.</returns>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.Diverged"/> when a gradient is no longer finite.</exception>
    public (IReadOnlyList<double> Losses, int Correct) Run(LabeledBatch batch, ProgressLine progress, CancellationToken cancel)
    {
        var losses = new List<double>();
        int correct = 0;
        LossScaler? scaler = training.Plan.IsMixed ? LossScaler.Initial : null;
        while (losses.Count < steps && !cancel.IsCancellationRequested)
        {
            int step = losses.Count;
            StepResult result = training.Run(batch.Images, batch.Labels, Values(step) with { LossScale = scaler?.Scale ?? 1 });
            bool overflowed = result.IsOverflow(scaler);
            scaler = scaler?.Next(result.Updated);
            if (overflowed) continue;
            losses.Add(result.Loss);
            correct = result.Correct;
            progress.Step(step + 1, steps);
            if (!result.Updated || !double.IsFinite(result.Loss))
                throw training.Diverged(step + 1, $"the loss is {result.Loss:g6}");
        }

        return (losses, correct);
    }

    private StepValues Values(int step) => optimizer.Prepare(
        new StepValues
        {
            SeedLow = unchecked((uint)seed),
            SeedHigh = (uint)(seed >> 32),
            Number = (uint)step,
            LearningRate = DecimalValue.Of(learningRate) * schedule.Factor(new ScheduleClock(step, Math.Max(1, steps), Math.Max(1, steps))),
            ClipNorm = DecimalValue.Of(clipNorm),
            AverageDecay = Optimizer.AverageDecay(DecimalValue.Of(average), step + 1),
        },
        step + 1, training.Plan.IsDouble ? Precision.Double : Precision.Single);
}
