using System.Collections.Immutable;

namespace VkInception.Training;

/// <summary>What must be the same for a run to go on from a checkpoint. What may change (the number of epochs, say) is not in here.</summary>
public sealed record RunIdentity
{
    /// <summary>Name of the network.</summary>
    public required string Model { get; init; }

    /// <summary>Class names in the order of the labels.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Name of the optimizer.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The optimizer's hyper-parameters by name, as invariant text.</summary>
    public IReadOnlyDictionary<string, string> OptimizerOptions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The learning-rate schedule with its numbers, as text.</summary>
    public required string Schedule { get; init; }

    /// <summary>Seed of every generator of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Names the data: equal for equal files in an equal order.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>How photos became the network's input.</summary>
    public required ImageInput Input { get; init; }

    /// <summary>Whatever else shapes the run (batch, precision, augmentation), by name, as invariant text.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Everything in which a wanted run differs from this one, a phrase each, for people; empty where it can go on.</summary>
    public IReadOnlyList<string> DifferencesTo(RunIdentity wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var differences = new List<string>();
        Compare("the model", Model, wanted.Model);
        CompareClasses(differences, wanted.Classes);
        Compare("the optimizer", Optimizer, wanted.Optimizer);
        CompareAll("the optimizer's ", OptimizerOptions, wanted.OptimizerOptions);
        Compare("the schedule", Schedule, wanted.Schedule);
        Compare("the seed", $"{Seed}", $"{wanted.Seed}");
        Compare("the data's fingerprint", DataFingerprint, wanted.DataFingerprint);
        Compare("the image input", Describe(Input), Describe(wanted.Input));
        CompareAll("", Settings, wanted.Settings);
        return differences;

        void Compare(string what, string have, string want)
        {
            if (have != want)
                differences.Add($"{what} is {have}, {want} is wanted");
        }

        void CompareAll(string prefix, IReadOnlyDictionary<string, string> have, IReadOnlyDictionary<string, string> want)
        {
            foreach (string name in have.Keys.Union(want.Keys).Order(StringComparer.Ordinal))
                Compare(prefix + name, have.GetValueOrDefault(name, "absent"), want.GetValueOrDefault(name, "none"));
        }
    }

    private void CompareClasses(List<string> differences, IReadOnlyList<string> wanted)
    {
        if (Classes.Count != wanted.Count)
        {
            differences.Add($"it has {Classes.Count} classes, {wanted.Count} are wanted");
            return;
        }
        for (int i = 0; i < wanted.Count; i++)
        {
            if (Classes[i] == wanted[i])
                continue;
            differences.Add($"class {i} is '{Classes[i]}', '{wanted[i]}' is wanted");
            return;
        }
    }

    private static string Describe(ImageInput input) => FormattableString.Invariant(
        $"{input.Width}×{input.Height} {input.Resize} {input.ResizeTo} {input.Order} mean {Join(input.Mean)} deviation {Join(input.Deviation)} scale {input.Scale:R}");

    private static string Join(IReadOnlyList<float> values) => string.Join('/', values.Select(v => FormattableString.Invariant($"{v:R}")));
}
