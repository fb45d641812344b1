using System.Collections.Immutable;

namespace VkInception.Training;

/// <summary>What run this is: the log's first line and the report's headline.</summary>
/// <param name="Model">Name of the network.</param>
/// <param name="Data">The data as the user named it.</param>
/// <param name="Classes">Class names in the order of the labels.</param>
/// <param name="TrainImages">Images to train on.</param>
/// <param name="EvaluationImages">Images to evaluate on; 0 for none.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Driver">Name and version of its driver.</param>
/// <param name="CommandLine">The command as it was given.</param>
/// <param name="Seed">Seed of every generator of the run.</param>
public sealed record RunRecord(
    string Model, string Data, IReadOnlyList<string> Classes, long TrainImages, long EvaluationImages,
    string Device, string Driver, string CommandLine, ulong Seed) : LogLine
{
    /// <summary>Options in force, by name, for people.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
