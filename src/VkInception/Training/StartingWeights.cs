using VkInception.Graph;
using VkInception.Graph.Training;

namespace VkInception.Training;

/// <summary>The weights that a run begins with: trained ones where they are given and fit, made-up ones elsewhere. Thread-safe.</summary>
/// <remarks>Fine-tuning: a classifier of another number of classes does not fit and is made up anew; so are auxiliary heads that a checkpoint lacks.</remarks>
public sealed class StartingWeights : IWeightSource
{
    private readonly CheckpointWeights? trained;
    private readonly IWeightSource made;
    private readonly bool fromScratch;

    /// <summary>Decides for every parameter of a network where it comes from.</summary>
    /// <param name="network">The network as it will be trained.</param>
    /// <param name="trained">Trained weights; null where there are none but those in the network's own file.</param>
    /// <param name="made">Makes up what is missing.</param>
    /// <param name="fromScratch">Whether even the values in the network's own file are made up anew.</param>
    public StartingWeights(Network network, CheckpointWeights? trained, IWeightSource made, bool fromScratch = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        this.trained = trained;
        this.made = made;
        this.fromScratch = fromScratch;
        Parameter[] all = [.. network.Parameters.Where(p => p.Derive is null)];
        MadeUp = [.. all.Where(p => !IsTrained(p) && (fromScratch || p.Value is null))];
        Replaced = fromScratch || MadeUp.Count == all.Length ? [] : MadeUp;
    }

    /// <summary>Parameters that are made up.</summary>
    public IReadOnlyList<Parameter> MadeUp { get; }

    /// <summary>Those of them that stand among trained ones, to be told: the replaced classifier.</summary>
    public IReadOnlyList<Parameter> Replaced { get; }

    /// <inheritdoc/>
    public bool Has(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        // The classes' weights in the loss belong to the data: never made up.
        return (fromScratch && parameter.Name != TrainingNetwork.ClassWeightsName) || parameter.Value is null || IsTrained(parameter);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<float> Read(Parameter parameter) => IsTrained(parameter) ? trained!.Read(parameter) : made.Read(parameter);

    private bool IsTrained(Parameter parameter) => !fromScratch && trained?.Fits(parameter) == true;
}
