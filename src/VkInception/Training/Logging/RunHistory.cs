namespace VkInception.Training;

/// <summary>What a run has done so far: kept while it trains, read from its log when it is resumed. The report is drawn from it. Not thread-safe.</summary>
public sealed class RunHistory
{
    private readonly List<StepPoint> steps = [];
    private readonly List<EpochRecord> epochs = [];
    private readonly List<NoticeRecord> notices = [];

    /// <summary>The run.</summary>
    public RunRecord? Run { get; private set; }

    /// <summary>Steps in order.</summary>
    public IReadOnlyList<StepPoint> Steps => steps;

    /// <summary>Epochs in order.</summary>
    public IReadOnlyList<EpochRecord> Epochs => epochs;

    /// <summary>Notices in order.</summary>
    public IReadOnlyList<NoticeRecord> Notices => notices;

    /// <summary>The epoch with the highest top-1 share, the earliest of equals; null before the first evaluation.</summary>
    public EpochRecord? Best => epochs.Where(e => e.Top1 is not null).MaxBy(e => e.Top1);

    /// <summary>Takes a line in.</summary>
    public void Add(LogLine line)
    {
        switch (line)
        {
            case StepRecord s:
                steps.Add(new StepPoint(s.Step, s.Epoch, (float)s.Loss, (float)s.Accuracy, (float)s.LearningRate, (float)s.ImagesPerSecond));
                break;
            case EpochRecord epoch:
                epochs.Add(epoch);
                break;
            case NoticeRecord notice:
                notices.Add(notice);
                break;
            case RunRecord run:
                Run ??= run;
                break;
        }
    }
}
