namespace VkInception.Training;

/// <summary>A run's history as charts, along its epochs, or along its steps before the first is over.</summary>
internal sealed class RunCurves
{
    private const int MostPoints = 160;
    private readonly RunHistory history;
    private readonly double stepsPerUnit;
    private readonly Axis x;
    private readonly string xLabel;

    public RunCurves(RunHistory history)
    {
        this.history = history;
        EpochRecord? last = history.Epochs is [.., var newest] ? newest : null;
        long steps = Math.Max(history.Steps.Count > 0 ? history.Steps[^1].Step : 0, last?.Step ?? 0);
        bool byEpoch = last is { Step: > 0, Epoch: > 0 };
        stepsPerUnit = byEpoch ? (double)last!.Step / last.Epoch : 1;
        xLabel = byEpoch ? "epoch" : "step";
        double end = steps / stepsPerUnit;
        x = Axis.Exact(0, Math.Max(end, byEpoch ? 1 : 2), whole: end > 2);
    }

    /// <summary>Every chart that the history has points for.</summary>
    public IEnumerable<Chart> Charts()
    {
        yield return Loss();
        yield return Accuracy();
        yield return LearningRate();
        yield return Speed();
    }

    private Chart Loss() => Build("Loss", Axis.Round,
    [
        Training("training", s => s.Loss, e => e.TrainLoss),
        new Curve("evaluation", 2, Epochs(e => e.EvaluationLoss), Marked: true),
    ], fromZero: true);

    private Chart Accuracy() => Build("Accuracy, %", Percent,
    [
        Training("training", s => 100 * s.Accuracy, e => 100 * e.TrainAccuracy),
        new Curve("top-1", 2, Epochs(e => 100 * e.Top1), Marked: true),
        new Curve("top-5", 3, Epochs(e => 100 * e.Top5), Marked: true),
    ], fromZero: false);

    private Chart LearningRate()
    {
        Curve rate = Training("learning rate", s => s.LearningRate, e => e.LearningRate);
        double[] values = [.. rate.Points.Select(p => p.Y).Where(v => double.IsFinite(v) && v > 0).Order()];
        // Rates that fall by factors would lie on the floor of a linear axis.
        bool byFactors = values.Length > 0 && values[^1] / values[0] >= 30 && values[values.Length / 2] < 0.2 * values[^1];
        return Build("Learning rate", byFactors ? (_, high) => Axis.Logarithmic(values[0], high) : Axis.Round, [rate], fromZero: !byFactors);
    }

    private Chart Speed() => Build("Images per second", Axis.Round, [Training("training", s => s.ImagesPerSecond, e => e.ImagesPerSecond)], fromZero: true);

    private Chart Build(string title, Func<double, double, Axis> axis, IEnumerable<Curve> curves, bool fromZero)
    {
        Curve[] drawn = [.. curves.Where(c => c.Points.Any(p => double.IsFinite(p.Y)))];
        double[] values = [.. drawn.SelectMany(c => c.Points).Select(p => p.Y).Where(double.IsFinite)];
        double low = values.Length > 0 ? values.Min() : 0, high = values.Length > 0 ? values.Max() : 1;
        return new Chart(title, xLabel, x, axis(fromZero ? Math.Min(0, low) : low, high), drawn);
    }

    private static Axis Percent(double low, double high)
    {
        // From zero, unless everything happens near the top; to the next round number, but not beyond 100.
        Axis axis = Axis.Round(low >= 60 ? Math.Max(0, low - 1) : Math.Min(0, low), Math.Max(high, low + 1));
        // What a damaged log holds may lie beyond, all of it.
        return axis.High <= 100 || axis.Low >= 100 ? axis : Axis.Round(axis.Low, 100);
    }

    /// <summary>Steps say more than epochs; a log that has lost them still has these.</summary>
    private Curve Training(string name, Func<StepPoint, double> step, Func<EpochRecord, double> epoch) => history.Steps.Count > 0
        ? new Curve(name, 1, Steps(step), Marked: false)
        : new Curve(name, 1, Epochs(e => epoch(e)), Marked: true);

    private IReadOnlyList<CurvePoint> Steps(Func<StepPoint, double> value) =>
        Curve.Thin([.. history.Steps.Select(s => new CurvePoint(s.Step / stepsPerUnit, value(s)))], MostPoints);

    private CurvePoint[] Epochs(Func<EpochRecord, double?> value) =>
        [.. history.Epochs.Select(e => new CurvePoint(e.Step / stepsPerUnit, value(e) ?? double.NaN))];
}
