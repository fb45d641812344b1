namespace VkInception.Weights;

/// <summary>Pickles one after another from the start of a file.</summary>
internal sealed class PickleSequence(CheckpointFile file)
{
    /// <summary>Where the next pickle starts.</summary>
    public long Position { get; private set; }

    /// <summary>Runs the next pickle; what it refers to is noted by <paramref name="builder"/>.</summary>
    public object? Next(TorchBuilder? builder = null)
    {
        using Stream stream = file.OpenSlice(Position, file.Length - Position);
        object? value = PickleMachine.Run(file, stream, builder ?? new TorchBuilder(file), out long length);
        Position += length;
        return value;
    }
}
