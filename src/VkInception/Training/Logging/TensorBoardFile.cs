using System.Globalization;

namespace VkInception.Training;

/// <summary>A run's event file (<c>events.out.tfevents.TIME.vkinception</c>), which TensorBoard opens.</summary>
/// <remarks>
/// TFRecord framing: length (8 bytes), its masked CRC-32C, the event, its masked CRC-32C. The event is TensorFlow's <c>Event</c>
/// message (tensorflow/core/util/event.proto). A resumed run goes on in a file of its own, whose <c>SessionLog</c> of status START
/// makes TensorBoard forget what the stopped run did after the checkpoint. Not thread-safe.
/// </remarks>
public sealed class TensorBoardFile : IDisposable
{
    private const string Prefix = "events.out.tfevents.";
    private const string Suffix = ".vkinception";
    private readonly AppendedFile file;

    private TensorBoardFile(AppendedFile file) => this.file = file;

    /// <summary>Starts the events of a run in a folder that exists; event files of an earlier run of ours in it are removed.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/> when the system refuses.</exception>
    public static TensorBoardFile Create(string folder, DateTimeOffset? time = null)
    {
        try
        {
            foreach (string old in Existing(folder))
                File.Delete(old);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{folder}: event files of an earlier run cannot be removed: {e.Message}", e);
        }
        return Open(folder, time ?? DateTimeOffset.UtcNow);
    }

    /// <summary>Goes on with the events of a run from a checkpoint.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="step">Steps done at the checkpoint.</param>
    /// <param name="time">Now; for tests.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/> when the system refuses.</exception>
    public static TensorBoardFile Resume(string folder, long step, DateTimeOffset? time = null)
    {
        DateTimeOffset now = time ?? DateTimeOffset.UtcNow;
        TensorBoardFile events = Open(folder, now);
        var start = new ProtobufWriter();
        start.Write(1, 1L);
        var restart = Event(now, step + 1);
        restart.Write(7, start);
        return events.Begun(restart);
    }

    /// <summary>Adds a step: <c>train/loss</c>, <c>train/loss/HEAD</c>, <c>train/accuracy</c>, <c>train/learning_rate</c>, <c>train/images_per_second</c> and what else was measured.</summary>
    /// <returns>The file, or why the event is not in it.</returns>
    public SaveResult Add(StepRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var summary = new ProtobufWriter();
        Scalar(summary, "train/loss", record.Loss);
        foreach ((string head, double loss) in record.HeadLosses ?? new Dictionary<string, double>())
            Scalar(summary, $"train/loss/{head}", loss);
        Scalar(summary, "train/accuracy", record.Accuracy);
        Scalar(summary, "train/learning_rate", record.LearningRate);
        Scalar(summary, "train/images_per_second", record.ImagesPerSecond);
        Scalar(summary, "train/gradient_norm", record.GradientNorm);
        Scalar(summary, "train/loss_scale", record.LossScale);
        Scalar(summary, "train/wait_share", record.WaitShare);
        return Append(record.Time, record.Step, summary);
    }

    /// <summary>Adds an epoch at its last step: <c>epoch/train_loss</c>, <c>epoch/train_accuracy</c>, <c>epoch/seconds</c>, <c>evaluation/loss</c>, <c>evaluation/top1</c>, <c>evaluation/top5</c>.</summary>
    /// <returns>The file, or why the event is not in it.</returns>
    public SaveResult Add(EpochRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var summary = new ProtobufWriter();
        Scalar(summary, "epoch/train_loss", record.TrainLoss);
        Scalar(summary, "epoch/train_accuracy", record.TrainAccuracy);
        Scalar(summary, "epoch/seconds", record.Seconds);
        Scalar(summary, "evaluation/loss", record.EvaluationLoss);
        Scalar(summary, "evaluation/top1", record.Top1);
        Scalar(summary, "evaluation/top5", record.Top5);
        return Append(record.Time, record.Step, summary);
    }

    /// <summary>Adds a picture, such as the first layer's filters.</summary>
    /// <param name="tag">What it shows: <c>filters/conv1</c>.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="time">Now; for tests.</param>
    /// <returns>The file, or why the event is not in it.</returns>
    public SaveResult Add(string tag, long step, Picture picture, DateTimeOffset? time = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var image = new ProtobufWriter();
        image.Write(1, (long)picture.Height);
        image.Write(2, (long)picture.Width);
        // Three channels: TensorBoard only shows it, the PNG says what it is.
        image.Write(3, 3L);
        image.Write(4, picture.Png);
        var value = new ProtobufWriter();
        value.Write(1, tag);
        value.Write(4, image);
        var summary = new ProtobufWriter();
        summary.Write(1, value);
        return Append(time ?? DateTimeOffset.UtcNow, step, summary);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static TensorBoardFile Open(string folder, DateTimeOffset now)
    {
        string path = NextPath(folder, now.ToUnixTimeSeconds());
        var events = new TensorBoardFile(new AppendedFile(path, 0));
        var first = new ProtobufWriter();
        first.Write(1, Seconds(now));
        first.Write(3, "brain.Event:2");
        return events.Begun(first);
    }

    /// <summary>TensorBoard reads a folder's files in the order of their names, so a new one comes behind all that are there, whatever the clock says.</summary>
    private static string NextPath(string folder, long seconds)
    {
        foreach (string existing in Existing(folder))
        {
            string[] parts = Path.GetFileName(existing).Split('.');
            if (parts.Length > 3 && long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out long taken) && taken < long.MaxValue)
                seconds = Math.Max(seconds, taken + 1);
        }
        return Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{seconds:D10}{Suffix}"));
    }

    private static string[] Existing(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, $"{Prefix}*{Suffix}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{folder}: cannot be read: {e.Message}", e);
        }
    }

    private TensorBoardFile Begun(ProtobufWriter message)
    {
        if (Append(message).Problem is not { } problem)
            return this;
        Dispose();
        throw new VkInceptionException(ErrorCode.InputOutput, problem);
    }

    private static void Scalar(ProtobufWriter summary, string tag, double? number)
    {
        if (number is null)
            return;
        var value = new ProtobufWriter();
        value.Write(1, tag);
        value.Write(2, (float)number);
        summary.Write(1, value);
    }

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static ProtobufWriter Event(DateTimeOffset time, long step)
    {
        var message = new ProtobufWriter();
        message.Write(1, Seconds(time));
        message.Write(2, step);
        return message;
    }

    private SaveResult Append(DateTimeOffset time, long step, ProtobufWriter summary)
    {
        ProtobufWriter message = Event(time, step);
        message.Write(5, summary);
        return Append(message);
    }

    private SaveResult Append(ProtobufWriter message) => file.Append(TfRecord.Frame(message.Written));
}
