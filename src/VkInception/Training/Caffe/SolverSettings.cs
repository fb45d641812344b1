using System.Collections.Immutable;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Schedules;

namespace VkInception.Training.Caffe;

/// <summary>What a Caffe solver says of training, as this library trains: in iterations (steps), without a word about the data.</summary>
/// <remarks>Multipliers per parameter stand in the network's file, not here; BVLC's networks have those of <see cref="ParameterGroups.Bvlc"/>.</remarks>
public sealed record SolverSettings
{
    /// <summary>The solver's file.</summary>
    public required string Path { get; init; }

    /// <summary>The network's file as it is written there (<c>net</c> or <c>train_net</c>); null where the solver names none.</summary>
    public string? Net { get; init; }

    /// <summary>SGD and Nesterov in Caffe's form, RMSProp without momentum, or Adam; with the weight decay.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>The learning rate that the schedule multiplies (<c>base_lr</c>).</summary>
    public required float LearningRate { get; init; }

    /// <summary>How the learning rate changes (<c>lr_policy</c>).</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>Steps of the whole run; null where the solver does not say.</summary>
    public int? MaxIterations { get; init; }

    /// <summary>Largest norm of all gradients together; 0 does not clip.</summary>
    public float ClipNorm { get; init; }

    /// <summary>Batches whose mean gradient makes one step (<c>iter_size</c>): a batch so many times as large does the same.</summary>
    public int BatchesPerStep { get; init; } = 1;

    /// <summary>Seed of the run; null where the solver leaves it to chance.</summary>
    public int? Seed { get; init; }

    /// <summary>Steps from one evaluation to the next; null where none is wanted.</summary>
    public int? TestInterval { get; init; }

    /// <summary>Steps from one snapshot to the next; null where none is wanted before the end.</summary>
    public int? SnapshotInterval { get; init; }

    /// <summary>What snapshots' names begin with.</summary>
    public string? SnapshotPrefix { get; init; }

    /// <summary>Fields that change nothing here although they might be expected to, a line each.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The network's file where it is found: as it is written, from the solver's folder, or of that name beside the solver; null otherwise.</summary>
    public string? FindNet()
    {
        if (Net is null) return null;
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) ?? ".";
        string[] places = [Net, System.IO.Path.Combine(folder, Net), System.IO.Path.Combine(folder, System.IO.Path.GetFileName(Net))];
        return places.FirstOrDefault(File.Exists);
    }
}
