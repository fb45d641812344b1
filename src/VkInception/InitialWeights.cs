using VkInception.Graph;
using VkInception.Graph.Training.Initializers;

namespace VkInception;

/// <summary>Random weights to begin training with: the same for the same seed, whatever is read first. Thread-safe.</summary>
/// <param name="initializer">What they are drawn from; <see cref="Graph.Models.ModelCard.Initializer"/> of the network.</param>
/// <param name="seed">The run's seed.</param>
public sealed class InitialWeights(Initializer initializer, ulong seed) : IWeightSource
{
    /// <summary>What they are drawn from.</summary>
    public Initializer Initializer { get; } = initializer;

    /// <summary>The run's seed.</summary>
    public ulong Seed { get; } = seed;

    /// <inheritdoc/>
    public bool Has(Parameter parameter) => parameter.Value is null;

    /// <inheritdoc/>
    public ReadOnlyMemory<float> Read(Parameter parameter) => Initializer.Create(parameter, Seed);
}
