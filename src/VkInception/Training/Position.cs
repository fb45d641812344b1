using VkInception.Graph.Training;

namespace VkInception.Training;

/// <summary>How far a run has come: what a checkpoint must hold beside the tensors.</summary>
internal sealed class Position
{
    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Updates made: steps that were not skipped.</summary>
    public long Updates { get; private set; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; private set; }

    /// <summary>Batches done of the epoch under way.</summary>
    public int Batch { get; private set; }

    /// <summary>Sums over them.</summary>
    public EpochProgress Sums { get; private set; }

    /// <summary>The best top-1 share so far.</summary>
    public double? BestTop1 { get; private set; }

    /// <summary>The loss scale of mixed precision, for the next step.</summary>
    public LossScaler Scaler { get; private set; } = LossScaler.Initial;

    /// <summary>Goes where a checkpoint was taken.</summary>
    public void Restore(TrainingState state, long updates)
    {
        (Step, Epoch, Batch, Sums, BestTop1, Updates) = (state.Step, state.Epoch, state.BatchInEpoch, state.Progress, state.BestAccuracy, updates);
        if (state.LossScaler is { } scaler) Scaler = new LossScaler(scaler.Scale, scaler.GoodSteps);
    }

    /// <summary>A step is done.</summary>
    public void Advance(StepResult result, int images, (double Seconds, double Waited) time)
    {
        Step++;
        Batch++;
        if (result.Updated) Updates++;
        Scaler = Scaler.Next(result.Updated);
        double loss = double.IsFinite(result.Loss) ? result.Loss : 0;
        Sums = new EpochProgress(Sums.Images + images, Sums.Correct + result.Correct, Sums.LossSum + loss * images, Sums.Seconds + time.Seconds, Sums.WaitSeconds + time.Waited);
    }

    /// <summary>An epoch is trained and evaluated.</summary>
    public void FinishEpoch(double? top1)
    {
        Epoch++;
        Batch = 0;
        Sums = default;
        if (top1 > (BestTop1 ?? double.NegativeInfinity)) BestTop1 = top1;
    }
}
