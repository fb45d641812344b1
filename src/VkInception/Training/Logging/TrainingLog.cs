using System.Text.Json;

namespace VkInception.Training;

/// <summary>A run's <c>log.jsonl</c>: one JSON document a line, camelCase, each written through at once. A resumed run's log reads as if it had never stopped.</summary>
/// <remarks>Not thread-safe. One process at a time: the folder's lock (<see cref="CheckpointStore"/>) sees to it.</remarks>
public sealed class TrainingLog : IDisposable
{
    /// <summary>Name of the log in the run's folder.</summary>
    public const string FileName = "log.jsonl";

    private readonly AppendedFile file;

    private TrainingLog(AppendedFile file, RunHistory history)
    {
        this.file = file;
        History = history;
    }

    /// <summary>Everything that the log holds.</summary>
    public RunHistory History { get; }

    /// <summary>Starts a log in a folder that exists, in place of one that is there.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/> when the system refuses.</exception>
    public static TrainingLog Create(string folder, RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var log = new TrainingLog(new AppendedFile(PathIn(folder), 0), new RunHistory());
        log.Begin(run);
        return log;
    }

    /// <summary>Goes on with the log of a run: what it did after the checkpoint is cut off, what cannot be read is left out, and the rest is the history.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="step">Steps done at the checkpoint (<see cref="TrainingState.Step"/>).</param>
    /// <param name="epochs">Epochs done at the checkpoint (<see cref="TrainingState.Epoch"/>).</param>
    /// <param name="run">The first line for a log that has lost its own.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/> when the system refuses.</exception>
    public static TrainingLog Resume(string folder, long step, int epochs, RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        string path = PathIn(folder);
        var history = new RunHistory();
        long length = Cut(path, step, epochs, history);
        var log = new TrainingLog(new AppendedFile(path, length), history);
        if (history.Run is null)
            log.Begin(run);
        return log;
    }

    /// <summary>Adds a line. Epochs are on the disk when this returns, steps are with the system.</summary>
    /// <returns>The file, or why the line is not in it; the next one may go in again. The history has it either way.</returns>
    public SaveResult Append(LogLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        History.Add(line);
        SaveResult result = file.Append([.. JsonSerializer.SerializeToUtf8Bytes(line, TrainingJson.Default.LogLine), (byte)'\n']);
        return result.Saved && line is EpochRecord ? file.Settle() : result;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static string PathIn(string folder) => Path.Combine(folder, FileName);

    private void Begin(RunRecord run)
    {
        if (Append(run).Problem is not { } problem)
            return;
        Dispose();
        throw new VkInceptionException(ErrorCode.InputOutput, problem);
    }

    /// <summary>Reads what is to stay, and makes the file's beginning consist of it.</summary>
    /// <returns>Bytes of the file that stay.</returns>
    private static long Cut(string path, long step, int epochs, RunHistory history)
    {
        try
        {
            if (RegularFile.LengthOf(path) is null or 0)
                return 0;
            long length = Scan(path, step, epochs, history.Add, out bool holes);
            if (!holes)
                return length;
            AtomicFile.Write(path, target => Scan(path, step, epochs, line => WriteLine(target, line), out _));
            return new FileInfo(path).Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static long Scan(string path, long step, int epochs, Action<LogLine> keep, out bool holes)
    {
        using FileStream stream = File.OpenRead(path);
        var reader = new LogReader(stream);
        holes = false;
        bool unread = false;
        long length = 0;
        while (reader.TryRead(out LogLine? line, out _) && !IsBeyond(line, step, epochs))
        {
            // Unreadable lines at the end are cut with it; only what is read behind them makes them holes.
            unread |= line is null;
            if (line is null)
                continue;
            holes |= unread;
            length = reader.Position;
            keep(line);
        }
        return length;
    }

    private static void WriteLine(Stream target, LogLine line)
    {
        JsonSerializer.Serialize(target, line, TrainingJson.Default.LogLine);
        target.WriteByte((byte)'\n');
    }

    private static bool IsBeyond(LogLine? line, long step, int epochs) => line switch
    {
        StepRecord record => record.Step > step,
        EpochRecord record => record.Step > step || record.Epoch > epochs,
        NoticeRecord record => record.Step > step,
        _ => false,
    };
}
