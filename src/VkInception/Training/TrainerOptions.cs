using VkInception.Graph.Training.Schedules;

namespace VkInception.Training;

/// <summary>How long and how fast to train, and what to keep of it.</summary>
public sealed record TrainerOptions
{
    /// <summary>How the step is compiled: batch, size, optimizer, losses.</summary>
    public required TrainingOptions Step { get; init; }

    /// <summary>How images become the network's input; stored with the weights, so that whoever uses them does the same.</summary>
    public required ImageInput Input { get; init; }

    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>The learning rate that the schedule starts from.</summary>
    public required float LearningRate { get; init; }

    /// <summary>How the learning rate changes.</summary>
    public Schedule Schedule { get; init; } = new ConstantRate();

    /// <summary>Largest norm of all gradients together; 0 does not clip.</summary>
    public float ClipNorm { get; init; }

    /// <summary>Decay of the moving average of the weights per step; 0 keeps none. Early on it is less: (1 + t)/(10 + t) at most.</summary>
    public float AverageDecay { get; init; }

    /// <summary>Seed of every generator of the run.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps between checkpoints beside those at the end of every epoch; 0 saves at epochs only.</summary>
    public int CheckpointSteps { get; init; }

    /// <summary>
    /// Time after which a checkpoint is written beside those, whatever the step: a power cut or a lost device costs no more than that. Zero writes none by time.
    /// </summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Checkpoints kept, the best and the last weights apart.</summary>
    public int KeepCheckpoints { get; init; } = 3;

    /// <summary>Whether to go on from the newest sound checkpoint of the folder.</summary>
    public bool Resume { get; init; }

    /// <summary>Whatever else shapes the run (augmentation, precision), by name: stored with checkpoints, and compared on resume.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
