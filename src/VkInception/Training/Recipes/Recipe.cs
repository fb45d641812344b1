using VkInception.Graph.Training;
using VkInception.Graph.Training.Initializers;
using VkInception.Graph.Training.Schedules;

namespace VkInception.Training.Recipes;

/// <summary>How a paper trained its network: every setting by name, so that a run can begin from it. Texts are read as the options of the same name are.</summary>
/// <param name="Name">What <c>--recipe</c> calls it.</param>
/// <param name="Source">Where it is published.</param>
/// <param name="Optimizer">The optimizer without momentum and weight decay (<see cref="Graph.Training.Optimizer.Parse"/>).</param>
/// <param name="LearningRate">The learning rate that the schedule starts from.</param>
/// <param name="Schedule">How it changes (<see cref="Graph.Training.Schedules.Schedule.Parse"/>).</param>
/// <param name="Batch">Images per step.</param>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="Augmentation">How images are varied: <c>googlenet</c>, <c>alexnet</c>, <c>vgg</c>, <c>resnet</c> or <c>cifar</c>.</param>
public sealed record Recipe(string Name, string Source, string Optimizer, float LearningRate, string Schedule, int Batch, int Epochs, string Augmentation)
{
    /// <summary>Momentum of the optimizer.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>Weight decay.</summary>
    public required float WeightDecay { get; init; }

    /// <summary>Largest norm of all gradients together; 0 does not clip.</summary>
    public float ClipNorm { get; init; }

    /// <summary>Label smoothing.</summary>
    public float Smoothing { get; init; }

    /// <summary>What each auxiliary head's loss counts for; null leaves it to the network.</summary>
    public float? AuxiliaryWeight { get; init; }

    /// <summary>Decay of the moving average of the weights; 0 keeps none.</summary>
    public float AverageDecay { get; init; }

    /// <summary>Multipliers per parameter (<see cref="ParameterGroups.Presets"/>).</summary>
    public string Groups { get; init; } = ParameterGroups.PyTorch;

    /// <summary>Weights to begin with (<see cref="Initializer.Parse"/>); null leaves them to the network.</summary>
    public string? Initialization { get; init; }

    /// <summary>What the source leaves open or does otherwise, and what stands here for it.</summary>
    public string Remark { get; init; } = "";

    /// <summary>The optimizer with its momentum and weight decay.</summary>
    /// <param name="momentum">Another momentum; null takes the recipe's.</param>
    /// <param name="weightDecay">Another weight decay; null takes the recipe's.</param>
    public Optimizer CreateOptimizer(float? momentum = null, float? weightDecay = null)
        => Graph.Training.Optimizer.Parse(Optimizer, momentum ?? Momentum, weightDecay ?? WeightDecay);

    /// <summary>The schedule.</summary>
    public Schedule CreateSchedule() => Graph.Training.Schedules.Schedule.Parse(Schedule);
}
