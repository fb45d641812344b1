using System.Diagnostics;

namespace VkInception.Training;

/// <summary>Everything that a run writes into its folder: checkpoints, log, TensorBoard's events, the report. What cannot be written is told, and training goes on.</summary>
internal sealed class RunFiles : IDisposable
{
    private readonly CheckpointStore store;
    private readonly ITrainingObserver observer;
    private readonly string folder;
    private readonly int epochs;
    private LatestCheckpoint? latest;
    private readonly HashSet<string> told = [];
    private (long Step, int Epoch) saved = (-1, -1);
    private TrainingLog? log;
    private TensorBoardFile? board;
    private long savedAt = Stopwatch.GetTimestamp();

    public RunFiles(string folder, TrainerOptions options, RunIdentity identity, RunRecord run, ITrainingObserver observer)
    {
        this.folder = folder;
        epochs = options.Epochs;
        this.observer = observer;
        Run = run;
        store = new CheckpointStore(folder, options.KeepCheckpoints);
        try
        {
            latest = options.Resume ? Find(identity) : null;
            if (!options.Resume && store.Steps.Count > 0)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"{folder}: holds the checkpoints of a run; go on with --resume, or name another folder");
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The headline.</summary>
    public RunRecord Run { get; }

    /// <summary>The checkpoint to go on from; null for a new run.</summary>
    public ResumePoint? Latest => latest?.Point;

    /// <summary>The newest checkpoint that was written or gone on from.</summary>
    public string? LastGood { get; private set; }

    /// <summary>Opens log and events for a run that begins, or cuts them back to where it goes on.</summary>
    public void Open(Position position)
    {
        LastGood = Latest?.Path;
        saved = Latest is null ? (-1, -1) : (position.Step, position.Epoch);
        savedAt = Stopwatch.GetTimestamp();
        Latest?.Dispose();
        log = position.Step == 0 ? TrainingLog.Create(folder, Run) : TrainingLog.Resume(folder, position.Step, position.Epoch, Run);
        board = position.Step == 0 ? TensorBoardFile.Create(folder) : TensorBoardFile.Resume(folder, position.Step);
    }

    /// <summary>Closes log and events, and finds the newest checkpoint to go on from; <see cref="Latest"/> is null where there is none yet.</summary>
    /// <exception cref="VkInceptionException">The folder cannot be read.</exception>
    public void Rewind(RunIdentity identity)
    {
        board?.Dispose();
        log?.Dispose();
        latest?.Point?.Dispose();
        latest = null;
        latest = store.OpenLatest(identity);
        foreach (string skipped in latest.Skipped) observer.Notice(skipped);
    }

    public void Add(StepRecord record)
    {
        Tell(log!.Append(record));
        Tell(board!.Add(record));
    }

    /// <summary>Ends an epoch: log, checkpoint, best weights, report.</summary>
    public void Add(EpochRecord record, TrainingState state, bool isBest, EvaluationResult? evaluation, CompiledTraining training, ITrainingData data)
    {
        Tell(log!.Append(record));
        Tell(board!.Add(record));
        Save(state);
        if (isBest || evaluation is null) Tell(store.SaveBest(state));
        (Picture Picture, string Layer)? filters = RunReport.FirstFilters(training, state.Identity.Input);
        if (filters is { } first) Tell(board.Add("filters/first layer", record.Step, first.Picture));
        Tell(Report(evaluation, filters, data));
    }

    /// <summary>Whether the state at this position is on the disk already.</summary>
    public bool HasSaved(Position position) => saved == (position.Step, position.Epoch);

    /// <summary>Time since the last checkpoint was written, or tried to.</summary>
    public TimeSpan Unsaved => Stopwatch.GetElapsedTime(savedAt);

    /// <returns>Whether it is on the disk now.</returns>
    public bool Save(TrainingState state)
    {
        savedAt = Stopwatch.GetTimestamp();
        SaveResult result = store.Save(state);
        Tell(result);
        if (!result.Saved) return false;
        LastGood = result.Path;
        saved = (state.Step, state.Epoch);
        return true;
    }

    /// <returns>Whether they are on the disk now.</returns>
    public bool SaveFinal(TrainingState state)
    {
        SaveResult result = store.SaveFinal(state);
        Tell(result);
        return result.Saved;
    }

    public void Dispose()
    {
        latest?.Point?.Dispose();
        board?.Dispose();
        log?.Dispose();
        store.Dispose();
    }

    /// <summary>The report; an image that can no longer be read for it ends no training.</summary>
    private SaveResult Report(EvaluationResult? evaluation, (Picture Picture, string Layer)? filters, ITrainingData data)
    {
        try
        {
            return RunReport.Write(folder, log!.History, epochs, evaluation, filters, data);
        }
        catch (VkInceptionException e)
        {
            return new SaveResult(null, $"{folder}: no report of this epoch: {e.Message}");
        }
    }

    private LatestCheckpoint Find(RunIdentity identity)
    {
        LatestCheckpoint found = store.OpenLatest(identity);
        foreach (string skipped in found.Skipped) observer.Notice(skipped);
        if (found.Point is null) observer.Notice($"{folder}: no checkpoint to go on from; the run begins anew");
        return found;
    }

    private void Tell(SaveResult result)
    {
        // A log on a full disk would be told with every step.
        if (result.Problem is { } problem && told.Add(problem)) observer.Notice(problem);
    }
}
