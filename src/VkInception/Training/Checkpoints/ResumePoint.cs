using VkInception.Weights;

namespace VkInception.Training;

/// <summary>An open checkpoint to go on from. Read its tensors, then dispose it to close the file. Any thread may read it; dispose it when none does.</summary>
public sealed class ResumePoint : IDisposable
{
    private readonly Checkpoint file;

    internal ResumePoint(Checkpoint file, TrainingState state)
    {
        this.file = file;
        State = state;
    }

    /// <summary>The file.</summary>
    public string Path => file.Path;

    /// <summary>What it holds; its tensors are readable until this is disposed.</summary>
    public TrainingState State { get; }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
