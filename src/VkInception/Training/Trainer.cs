using System.Diagnostics;
using System.Runtime.ExceptionServices;
using VkInception.Graph.Training;
using VkInception.Vulkan;

namespace VkInception.Training;

/// <summary>Trains a model on data: steps, evaluation, checkpoints, logs. What it writes lies in one folder.</summary>
/// <remarks>
/// Deterministic: the same options, data, seed and device give the same weights, bit for bit, whether the run was interrupted or not.
/// A lost device is opened anew, and training goes on from the newest checkpoint: it ends in the same bits all the same.
/// Not thread-safe: one thread; dispose it to give the device memory and the folder back.
/// </remarks>
public sealed class Trainer : IDisposable
{
    /// <summary>An evaluation can take long: what was trained is saved before it when it is older than this.</summary>
    private static readonly TimeSpan UnsavedBeforeEvaluation = TimeSpan.FromMinutes(1);

    private readonly Model model;
    private readonly IWeightSource initial;
    private readonly ITrainingData data;
    private readonly TrainerOptions options;
    private readonly ITrainingObserver observer;
    private readonly RunFiles files;
    private readonly StepSettings settings;
    private readonly DeviceRecovery recovery = new();
    private GpuDevice device;
    private CompiledTraining training;
    private Position position = new();
    private bool isSettled = true;

    /// <summary>Prepares a run, or finds the checkpoint to go on from.</summary>
    /// <param name="device">Where it trains.</param>
    /// <param name="model">What it trains.</param>
    /// <param name="initial">The weights that a new run begins with.</param>
    /// <param name="data">What it learns.</param>
    /// <param name="options">How.</param>
    /// <param name="run">The headline of log and report.</param>
    /// <param name="folder">Receives checkpoints, logs and the report; created where it is missing.</param>
    /// <param name="observer">Is told how it goes.</param>
    /// <exception cref="VkInceptionException">
    /// <see cref="ErrorCode.InvalidArgument"/>: a batch larger than the data, double precision, a folder that holds another run or, without resume, one at all;
    /// <see cref="ErrorCode.OutOfDeviceMemory"/> with the largest batch that fits; missing weights, Vulkan's errors.
    /// </exception>
    public Trainer(GpuDevice device, Model model, IWeightSource initial, ITrainingData data, TrainerOptions options, RunRecord run, string folder, ITrainingObserver observer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        this.device = device;
        this.model = model;
        this.initial = initial;
        this.data = data;
        this.options = options;
        this.observer = observer;
        if (options.Step.Batch > data.TrainingImages)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{data.Name}: holds {data.TrainingImages} images to train on, fewer than a batch of {options.Step.Batch}; make the batch at most {data.TrainingImages}");
        if (options.Step.Precision == Precision.Double)
            throw new VkInceptionException(ErrorCode.InvalidArgument, "training on data takes single or mixed precision: checkpoints hold floats, from which a step in double precision could not go on");
        settings = new StepSettings(options, StepsPerEpoch);
        files = new RunFiles(folder, options, Identity(), run, observer);
        try
        {
            training = Begin();
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>The compiled step; another one after the device was lost.</summary>
    public CompiledTraining Training => training;

    private int StepsPerEpoch => data.TrainingImages / options.Step.Batch;

    private long TotalSteps => (long)StepsPerEpoch * options.Epochs;

    /// <summary>Trains to the last epoch, or until cancelled: then the step under way is finished and the state saved.</summary>
    /// <exception cref="VkInceptionException">
    /// <see cref="ErrorCode.Diverged"/> when a loss or gradient is no longer finite, naming step, layer and last good checkpoint; what reading the data raises;
    /// <see cref="ErrorCode.DeviceLost"/> when the device is lost again and again at one place, or does not come back; Vulkan's other errors.
    /// Where the state is sound all the same (an image that cannot be read, no memory to evaluate) it is saved first.
    /// </exception>
    public TrainingOutcome Run(CancellationToken cancel = default)
    {
        while (true)
        {
            try
            {
                return RunEpochs(cancel);
            }
            catch (VkInceptionException error) when (error.Code is ErrorCode.DeviceLost)
            {
                if (Recover(error, cancel)) continue;
                return Outcome(finished: false, null, saved: false);
            }
            catch (VkInceptionException error) when (error.Code is not ErrorCode.Diverged && position.Step > 0 && !files.HasSaved(position))
            {
                SaveWhatIsSound();
                throw;
            }
        }
    }

    private TrainingOutcome RunEpochs(CancellationToken cancel)
    {
        observer.Started(files.Run, position.Step, TotalSteps);
        EvaluationResult? last = null;
        while (position.Epoch < options.Epochs && !cancel.IsCancellationRequested)
        {
            if (!TrainEpoch(cancel)) break;
            if (data.EvaluationImages > 0) SaveAfter(UnsavedBeforeEvaluation);
            long started = Stopwatch.GetTimestamp();
            last = Evaluate(cancel);
            if (cancel.IsCancellationRequested && last is null && data.EvaluationImages > 0) break;
            FinishEpoch(last, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        bool finished = position.Epoch >= options.Epochs;
        bool saved = files.HasSaved(position) || files.Save(Capture());
        if (finished) saved &= files.SaveFinal(Capture());
        return Outcome(finished, last, saved);
    }

    private TrainingOutcome Outcome(bool finished, EvaluationResult? last, bool saved)
        => new(position.Step, position.Epoch, finished, last, position.BestTop1) { IsSaved = saved, Checkpoint = files.LastGood };

    /// <inheritdoc/>
    public void Dispose()
    {
        training.Dispose();
        recovery.Dispose();
        files.Dispose();
    }

    /// <summary>Compiles the step, and goes where the newest checkpoint is; to the beginning where there is none.</summary>
    private CompiledTraining Begin()
    {
        CompiledTraining made = model.CompileTraining(device, options.Step, initial);
        try
        {
            position = new Position();
            if (files.Latest is { } point) StateExchange.Restore(point, made, position);
            files.Open(position);
            isSettled = true;
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>A new device, and on it the state of the newest checkpoint. False when cancelled meanwhile.</summary>
    /// <exception cref="VkInceptionException">The device is lost at the same place every time, or cannot be opened anew.</exception>
    private bool Recover(VkInceptionException error, CancellationToken cancel)
    {
        long lostAfter = position.Step;
        while (true)
        {
            if (!recovery.MayTry(lostAfter))
                throw new VkInceptionException(error.Code, $"step {lostAfter + 1}: {error.Message}; it was lost {recovery.Losses} times here; {LastGood}", error);
            training.Dispose();
            try
            {
                device = recovery.Reopen(device, cancel);
                files.Rewind(Identity());
                training = Begin();
                observer.Notice($"the device was lost at step {lostAfter + 1} and has been opened anew; training goes on from {(position.Step == 0 ? "the beginning" : $"step {position.Step}")}");
                return true;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return false;
            }
            catch (VkInceptionException again) when (again.Code is ErrorCode.DeviceLost)
            {
                error = again;
            }
            catch (VkInceptionException other)
            {
                throw new VkInceptionException(other.Code, $"step {lostAfter + 1}: the device was lost, and training cannot go on: {other.Message}; {LastGood}", other);
            }
        }
    }

    private string LastGood => files.LastGood is { } path ? $"the last good checkpoint is {path}" : "there is no checkpoint yet";

    private void SaveWhatIsSound()
    {
        if (!isSettled)
        {
            observer.Notice($"step {position.Step + 1} was under way, so nothing is saved; {LastGood}");
            return;
        }
        try
        {
            files.Save(Capture());
        }
        catch (VkInceptionException unsaved)
        {
            // Of the two errors the first is the one to tell.
            observer.Notice($"step {position.Step} could not be saved: {unsaved.Message}; {LastGood}");
        }
    }

    private void SaveAfter(TimeSpan age)
    {
        if (options.CheckpointInterval > TimeSpan.Zero && !files.HasSaved(position) && files.Unsaved >= age) files.Save(Capture());
    }

    /// <summary>The rest of an epoch; false when cancelled before its end.</summary>
    private bool TrainEpoch(CancellationToken cancel)
    {
        using IBatchStream batches = data.Train(options.Step.Batch, position.Epoch, position.Batch);
        var clock = new StepClock(batches);
        bool isStaged = position.Batch < StepsPerEpoch && Stage(batches, cancel);
        while (isStaged)
        {
            StepValues values = settings.Next(position);
            ulong submitted = Start(values);
            // The next batch is fetched and packed while the device works; one that cannot be read does not take the step under way with it.
            isStaged = false;
            ExceptionDispatchInfo? unread = null;
            try
            {
                isStaged = position.Batch + 1 < StepsPerEpoch && Stage(batches, cancel);
            }
            catch (VkInceptionException error)
            {
                unread = ExceptionDispatchInfo.Capture(error);
            }
            device.Wait(submitted);
            FinishStep(training.Finish(), values, clock);
            unread?.Throw();
            if (cancel.IsCancellationRequested) return position.Batch == StepsPerEpoch;
        }
        return position.Batch == StepsPerEpoch;
    }

    private ulong Start(StepValues values)
    {
        ulong before = device.LastSubmission;
        isSettled = false;
        try
        {
            return training.Start(values);
        }
        catch
        {
            // A step of which a part ran has changed running statistics.
            isSettled = device.LastSubmission == before;
            throw;
        }
    }

    /// <summary>Hands the next batch to the device; false where there is none, or where cancelled.</summary>
    private bool Stage(IBatchStream batches, CancellationToken cancel)
    {
        try
        {
            if (batches.Next(cancel) is not { } batch) return false;
            training.Stage(batch.Images.Span, batch.Labels.Span);
            return true;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The step under way is finished all the same.
            return false;
        }
    }

    private void FinishStep(StepResult result, StepValues values, StepClock clock)
    {
        bool isMixed = training.Plan.IsMixed, skipped = result.IsOverflow(isMixed ? position.Scaler : null);
        if (!skipped && (!double.IsFinite(result.Loss) || !result.Updated)) throw training.Diverged(position.Step + 1, LastGood);
        position.Advance(result, options.Step.Batch, clock.Lap());
        isSettled = true;
        StepRecord record = new(
            position.Step, position.Epoch + 1, result.Loss, result.Counted == 0 ? 0 : (double)result.Correct / result.Counted, values.LearningRate, clock.ImagesPerSecond(options.Step.Batch),
            HeadLosses(result), skipped ? null : result.GradientNorm, isMixed ? values.LossScale : null, clock.WaitShare);
        files.Add(record);
        observer.StepDone(record, TotalSteps);
        if (position.Batch == StepsPerEpoch) return;
        if (options.CheckpointSteps > 0 && position.Step % options.CheckpointSteps == 0) files.Save(Capture());
        else SaveAfter(options.CheckpointInterval);
    }

    private Dictionary<string, double>? HeadLosses(StepResult result) => result.Losses.Length == 1
        ? null
        : training.Plan.Training.Heads.Zip(result.Losses).ToDictionary(p => p.First.Logits.Name, p => (double)p.Second);

    private EvaluationResult? Evaluate(CancellationToken cancel)
    {
        if (data.EvaluationImages == 0) return null;
        using Model trained = model.WithWeights(StateExchange.WeightsForUse(training));
        using CompiledModel compiled = trained.Compile(device, new CompileOptions
        {
            Batch = options.Step.Batch,
            Height = options.Step.Height,
            Width = options.Step.Width,
            Classes = options.Step.Classes,
            Kernels = options.Step.Kernels,
        }, CancellationToken.None);
        using IBatchStream batches = data.Evaluate(options.Step.Batch);
        try
        {
            return Evaluator.Run(compiled, batches, data.Classes.Count, done => observer.Evaluating(done, data.EvaluationImages), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private void FinishEpoch(EvaluationResult? evaluation, double evaluationSeconds)
    {
        EpochProgress sums = position.Sums;
        bool isBest = evaluation is not null && (position.BestTop1 is not { } best || evaluation.Top1 > best);
        position.FinishEpoch(evaluation?.Top1);
        var record = new EpochRecord(
            position.Epoch, position.Step, sums.LossSum / Math.Max(1, sums.Images), (double)sums.Correct / Math.Max(1, sums.Images), settings.RateOf(position.Step - 1),
            sums.Images / Math.Max(1e-9, sums.Seconds), sums.Seconds + evaluationSeconds,
            evaluation?.Loss, evaluation?.Top1, data.Classes.Count > 5 ? evaluation?.Top5 : null, sums.WaitSeconds / Math.Max(1e-9, sums.Seconds), isBest);
        TrainingState state = Capture();
        files.Add(record, state, isBest, evaluation, training, data);
        observer.EpochDone(record);
    }

    private TrainingState Capture() => StateExchange.Capture(training, Identity(), position);

    private RunIdentity Identity() => new()
    {
        Model = model.Name,
        Classes = [.. data.Classes],
        Optimizer = options.Step.Optimizer!.ToString()!,
        Schedule = options.Schedule.ToString()!,
        Seed = options.Seed,
        DataFingerprint = data.Fingerprint,
        Input = options.Input,
        Settings = settings.Describe(),
    };
}
