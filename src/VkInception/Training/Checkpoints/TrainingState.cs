using System.Collections.Immutable;
using VkInception.Weights;

namespace VkInception.Training;

/// <summary>Everything that a run needs to go on bit for bit: what <see cref="CheckpointStore"/> writes and gives back.</summary>
/// <remarks>Tensors carry the model's own names. Those of a state that was read come from its open file.</remarks>
public sealed record TrainingState
{
    /// <summary>What run it belongs to.</summary>
    public required RunIdentity Identity { get; init; }

    /// <summary>Optimizer steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Epochs done: trained, evaluated and logged. The epoch under way has this number, counted from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches done of the epoch under way.</summary>
    public required int BatchInEpoch { get; init; }

    /// <summary>Sums over the epoch under way.</summary>
    public EpochProgress Progress { get; init; }

    /// <summary>The best top-1 share so far, 0 to 1; null before the first evaluation.</summary>
    public double? BestAccuracy { get; init; }

    /// <summary>The dynamic loss scale; null without mixed precision.</summary>
    public LossScalerState? LossScaler { get; init; }

    /// <summary>Whatever else the run wants back, by name. Numbers as invariant round-trip text.</summary>
    public IReadOnlyDictionary<string, string> Extra { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Parameters and running statistics.</summary>
    public required IReadOnlyList<NamedTensor> Weights { get; init; }

    /// <summary>The optimizer's tensors by the state's name (<c>momentum</c>, say, without a slash).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<NamedTensor>> Optimizer { get; init; } = ImmutableSortedDictionary<string, IReadOnlyList<NamedTensor>>.Empty;

    /// <summary>Averaged weights; empty where none are kept.</summary>
    public IReadOnlyList<NamedTensor> Ema { get; init; } = [];

    /// <summary>The weights to use the network with: the averaged ones where there are any, and the others beside them.</summary>
    public IReadOnlyList<NamedTensor> WeightsForUse
    {
        get
        {
            var averaged = Ema.ToDictionary(t => t.Name, StringComparer.Ordinal);
            return [.. Weights.Select(t => averaged.GetValueOrDefault(t.Name, t))];
        }
    }
}
