using System.Globalization;
using System.Text.RegularExpressions;
using VkInception.Weights;

namespace VkInception.Training;

/// <summary>The checkpoints of one run in its folder: written at once or not at all, the newest few kept, damaged ones passed over.</summary>
/// <remarks>
/// <c>checkpoint-STEP.safetensors</c> hold a whole <see cref="TrainingState"/> (tensors <c>weights/NAME</c>, <c>optimizer/STATE/NAME</c>,
/// <c>ema/NAME</c>) and end with their own SHA-256. <c>best.safetensors</c> and <c>final.safetensors</c> hold weights under the model's own names.
/// Holds the folder's lock: one process, one folder. Not thread-safe.
/// </remarks>
public sealed partial class CheckpointStore : IDisposable
{
    /// <summary>File name of the best weights.</summary>
    public const string BestName = "best.safetensors";

    /// <summary>File name of the last weights.</summary>
    public const string FinalName = "final.safetensors";

    private const string WeightsPrefix = "weights/";
    private const string OptimizerPrefix = "optimizer/";
    private const string EmaPrefix = "ema/";
    private readonly RunLock runLock;
    private readonly int keepLast;

    /// <summary>Takes the folder, which is created, and clears what a killed run left half written.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="keepLast">How many checkpoints stay beside the best one; at least 1.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>; <see cref="ErrorCode.InputOutput"/> where another run is at work in the folder, or the system refuses it.</exception>
    public CheckpointStore(string folder, int keepLast = 3)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (keepLast < 1)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"keeping the last {keepLast} checkpoints leaves nothing to resume from; keep at least 1");
        Folder = folder;
        this.keepLast = keepLast;
        runLock = RunLock.Take(folder);
        try
        {
            RemoveTemporaryFiles();
        }
        catch
        {
            runLock.Dispose();
            throw;
        }
    }

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>Steps of the checkpoints that are there, oldest first, sound or not.</summary>
    public IReadOnlyList<long> Steps => [.. Files().Select(file => file.Step).Order()];

    /// <summary>Writes a checkpoint, then removes those beyond the last few.</summary>
    /// <returns>Where it lies, or why it could not be written; what was there before is intact then.</returns>
    /// <exception cref="VkInceptionException">The state itself is wrong (names that clash), or its tensors cannot be read.</exception>
    public SaveResult Save(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        SaveResult result = Write(PathOf(state.Step), Prefixed(state), CheckpointMetadata.Of(state), seal: true);
        return result.Saved ? result with { Problem = Retire(state.Step) } : result;
    }

    /// <summary>Writes <see cref="BestName"/>: the weights for use, loadable as any checkpoint.</summary>
    /// <inheritdoc cref="Save"/>
    public SaveResult SaveBest(TrainingState state) => SaveWeights(BestName, state);

    /// <summary>Writes <see cref="FinalName"/>: the weights for use, loadable as any checkpoint.</summary>
    /// <inheritdoc cref="Save"/>
    public SaveResult SaveFinal(TrainingState state) => SaveWeights(FinalName, state);

    /// <summary>Finds the newest sound checkpoint. Damaged ones on the way are renamed to end in <c>.damaged</c>, so that they neither come up again nor count as kept.</summary>
    /// <param name="wanted">The run that is to go on; null takes the checkpoint's word.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.WeightMismatch"/>: a sound checkpoint of another run, with everything that differs.
    /// <see cref="ErrorCode.UnsupportedFormat"/>: a sound one that another version wrote.</exception>
    public LatestCheckpoint OpenLatest(RunIdentity? wanted = null)
    {
        var skipped = new List<string>();
        foreach ((long _, string path) in Files().OrderByDescending(file => file.Step))
        {
            Checkpoint? file = OpenSound(path, skipped);
            if (file is null)
                continue;
            try
            {
                return new LatestCheckpoint(new ResumePoint(file, ReadState(file, wanted)), skipped);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        return new LatestCheckpoint(null, skipped);
    }

    /// <summary>Removes every checkpoint, for a run that starts anew in an old folder. The best and the final weights stay until they are replaced.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/>.</exception>
    public void Clear()
    {
        foreach ((long _, string path) in Files())
        {
            if (Delete(path) is { } problem)
                throw new VkInceptionException(ErrorCode.InputOutput, problem);
        }
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => runLock.Dispose();

    private SaveResult SaveWeights(string name, TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Write(Path.Combine(Folder, name), state.WeightsForUse, CheckpointMetadata.OfWeights(state), seal: false);
    }

    private static SaveResult Write(string path, IEnumerable<NamedTensor> tensors, Dictionary<string, string> metadata, bool seal)
    {
        try
        {
            SafetensorsWriter.Write(path, tensors, metadata, seal);
            return new SaveResult(path, null);
        }
        catch (VkInceptionException e) when (e.Code == ErrorCode.InputOutput)
        {
            return new SaveResult(null, $"{e.Message}; make room there, what was saved before is intact");
        }
    }

    private string? Retire(long step)
    {
        try
        {
            // Later steps are of a run that was taken back: they must not crowd out what this one has written.
            return Files()
                .Where(file => file.Step <= step)
                .OrderByDescending(file => file.Step)
                .Skip(keepLast)
                .Select(file => Delete(file.Path))
                .FirstOrDefault(problem => problem is not null);
        }
        catch (VkInceptionException e) when (e.Code == ErrorCode.InputOutput)
        {
            return e.Message;
        }
    }

    private static IEnumerable<NamedTensor> Prefixed(TrainingState state)
    {
        if (state.Optimizer.Keys.FirstOrDefault(name => name.Length == 0 || name.Contains('/', StringComparison.Ordinal)) is { } wrong)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"an optimizer's state cannot be named '{wrong}'; give it a name without a slash");
        return state.Weights.Select(t => t.WithName(WeightsPrefix + t.Name))
            .Concat(state.Optimizer.SelectMany(pair => pair.Value.Select(t => t.WithName($"{OptimizerPrefix}{pair.Key}/{t.Name}"))))
            .Concat(state.Ema.Select(t => t.WithName(EmaPrefix + t.Name)));
    }

    private static TrainingState ReadState(Checkpoint file, RunIdentity? wanted)
    {
        TrainingState state = CheckpointMetadata.Read(file);
        if (wanted is not null && state.Identity.DifferencesTo(wanted) is { Count: > 0 } differences)
            throw new VkInceptionException(ErrorCode.WeightMismatch, $"{file.Path}: is of another run: {string.Join("; ", differences)}; name another folder, or give the options of that run");
        return state with
        {
            Weights = [.. Under(WeightsPrefix)],
            Ema = [.. Under(EmaPrefix)],
            Optimizer = Under(OptimizerPrefix)
                .Where(t => t.Name.Contains('/', StringComparison.Ordinal))
                .GroupBy(t => t.Name[..t.Name.IndexOf('/', StringComparison.Ordinal)], StringComparer.Ordinal)
                .ToDictionary(g => g.Key, IReadOnlyList<NamedTensor> (g) => [.. g.Select(t => t.WithName(t.Name[(g.Key.Length + 1)..]))]),
        };

        IEnumerable<NamedTensor> Under(string prefix) => file.Tensors
            .Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(t => t.WithName(t.Name[prefix.Length..]));
    }

    /// <summary>Opens a file and checks its seal; what fails is told and set aside.</summary>
    private static Checkpoint? OpenSound(string path, List<string> skipped)
    {
        Checkpoint? file = null;
        try
        {
            file = Checkpoint.Open(path);
            file.CheckSeal();
            return file;
        }
        catch (VkInceptionException e)
        {
            file?.Dispose();
            // A disk that cannot be read now may be readable later: only what was read and is wrong is set aside.
            skipped.Add($"{e.Message.TrimEnd('.')}; passed over{(e.Code == ErrorCode.InputOutput ? "" : SetAside(path))}");
            return null;
        }
    }

    private static string SetAside(string path)
    {
        try
        {
            File.Move(path, path + ".damaged", overwrite: true);
            return $", and kept as {Path.GetFileName(path)}.damaged";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $", and could not be renamed: {e.Message}";
        }
    }

    private string PathOf(long step) => Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"checkpoint-{step:D9}.safetensors"));

    private List<(long Step, string Path)> Files()
    {
        var files = new List<(long, string)>();
        foreach (string path in List("checkpoint-*.safetensors"))
        {
            if (CheckpointName().Match(Path.GetFileName(path)) is { Success: true } name)
                files.Add((long.Parse(name.Groups[1].ValueSpan, CultureInfo.InvariantCulture), path));
        }
        return files;
    }

    private void RemoveTemporaryFiles()
    {
        foreach (string path in List(".*.tmp").Where(path => TemporaryName().IsMatch(Path.GetFileName(path))))
        {
            if (Delete(path) is { } problem)
                throw new VkInceptionException(ErrorCode.InputOutput, problem);
        }
    }

    private string[] List(string pattern)
    {
        try
        {
            return Directory.GetFiles(Folder, pattern);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{Folder}: cannot be read: {e.Message}", e);
        }
    }

    private static string? Delete(string path)
    {
        try
        {
            File.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path}: cannot be removed: {e.Message}";
        }
    }

    [GeneratedRegex(@"^checkpoint-([0-9]{9,18})\.safetensors$", RegexOptions.CultureInvariant)]
    private static partial Regex CheckpointName();

    /// <summary>What <see cref="AtomicFile"/> calls its unfinished files.</summary>
    [GeneratedRegex(@"^\.[0-9a-f]{32}\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryName();
}
