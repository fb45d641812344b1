using System.Collections.Immutable;

namespace VkInception.Training;

/// <summary>How well a network does on labelled images.</summary>
/// <param name="Images">Images evaluated.</param>
/// <param name="Loss">Mean cross-entropy, in nats.</param>
/// <param name="Top1">Share whose most probable class is the label.</param>
/// <param name="Top5">Share whose label is among the five most probable classes.</param>
/// <param name="Confusion">Images by label, then by predicted class: element label·classes + predicted; empty for more than 10 000 classes.</param>
/// <param name="Worst">Wrong predictions, the surest first.</param>
public sealed record EvaluationResult(int Images, double Loss, double Top1, double Top5, ImmutableArray<int> Confusion, ImmutableArray<Misjudged> Worst)
{
    /// <summary>How long the networks have run; what reading and cutting the images took beside it is not in it.</summary>
    public TimeSpan Running { get; init; }
}
