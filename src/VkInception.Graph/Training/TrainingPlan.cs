using System.Collections.Immutable;
using VkInception.Graph.Planning;

namespace VkInception.Graph.Training;

/// <summary>A whole training step as it will run: forward, backward, update. Plain data.</summary>
/// <param name="Execution">Launches, barriers, and where every block of the arena lies.</param>
/// <param name="Training">The network with its losses.</param>
/// <param name="Parameters">Where weights and gradients lie.</param>
/// <param name="Step">The block of <see cref="StepValues"/>.</param>
/// <param name="Update">The optimizer and its blocks; null where only gradients are computed.</param>
public sealed record TrainingPlan(ExecutionPlan Execution, TrainingNetwork Training, ParameterSpace Parameters, Storage Step, UpdatePlan? Update)
{
    /// <summary>Whether activations are half: then each step takes a loss scale.</summary>
    public bool IsMixed => Parameters.Halves is not null;

    /// <summary>Whether everything is in double precision.</summary>
    public bool IsDouble => Parameters.Weights.Type == ElementType.Float64;

    /// <summary>Every block with memory of its own.</summary>
    public ImmutableArray<Storage> Residents => [Parameters.Weights, .. Parameters.Halves is { } halves ? (Storage[])[halves] : [], Parameters.Gradients, Step, .. Update?.Residents ?? []];

    /// <summary>Device bytes of a step: arena, weights, gradients, optimizer state.</summary>
    public long Bytes => Execution.ArenaBytes + Residents.Sum(s => s.Bytes);
}
