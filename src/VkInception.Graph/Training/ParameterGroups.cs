using System.Collections.Immutable;

namespace VkInception.Graph.Training;

/// <summary>Multipliers of the learning rate and of the weight decay for every parameter: a preset, then rules of which later ones win.</summary>
/// <param name="Preset">One of <see cref="Presets"/>.</param>
/// <param name="Rules">On top of it, in order.</param>
public sealed record ParameterGroups(string Preset, ImmutableArray<ParameterRule> Rules)
{
    /// <summary>PyTorch's: one for every parameter.</summary>
    public const string PyTorch = "pytorch";

    /// <summary>BVLC's, of its GoogLeNet and AlexNet: biases learn twice as fast and do not decay.</summary>
    public const string Bvlc = "bvlc";

    /// <summary>Neither biases nor the weights of norms decay (arXiv 1807.11205, section 3.2).</summary>
    public const string NoDecay = "no-decay-on-norm-and-bias";

    /// <summary>The names of the presets.</summary>
    public static ImmutableArray<string> Presets => [PyTorch, Bvlc, NoDecay];

    /// <summary>Reads a preset and rules.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>, with what is allowed.</exception>
    public static ParameterGroups Parse(string preset, params IEnumerable<string> rules)
    {
        if (!Presets.Contains(preset, StringComparer.Ordinal))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"parameter groups \"{preset}\": there is no such preset; there are {string.Join(", ", Presets)}");
        return new ParameterGroups(preset, [.. rules.Select(ParameterRule.Parse)]);
    }

    /// <summary>What one parameter's learning rate and weight decay are multiplied by.</summary>
    public (float Rate, float Decay) Of(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        (float rate, float decay) = Preset switch
        {
            Bvlc when IsVector(parameter) && !IsNormWeight(parameter) => (2f, 0f),
            NoDecay when IsVector(parameter) => (1f, 0f),
            _ => (1f, 1f),
        };
        foreach (ParameterRule rule in Rules.Where(r => r.Pattern.Matches(parameter.Name)))
            (rate, decay) = (rule.Rate ?? rate, rule.Decay ?? decay);
        return (rate, decay);
    }

    /// <summary>The table that optimizers read: two floats per <see cref="ParameterSpace.Granule"/> trained elements, learning rate and weight decay.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> where a rule's pattern fits no parameter, with the closest names.</exception>
    public float[] Multipliers(ParameterSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        foreach (ParameterRule rule in Rules) rule.Pattern.Select(space.Slots.Select(s => s.Parameter), "parameter rule");
        var table = new float[space.TrainedElements / ParameterSpace.Granule * 2];
        foreach (ParameterSlot slot in space.Slots.Where(s => s.IsTrained))
        {
            (float rate, float decay) = Of(slot.Parameter);
            long first = slot.Offset / ParameterSpace.Granule, last = (slot.Offset + slot.Parameter.Shape.Count - 1) / ParameterSpace.Granule;
            for (long granule = first; granule <= last; granule++) (table[2 * granule], table[2 * granule + 1]) = (rate, decay);
        }
        return table;
    }

    /// <summary>By value: two that read from the same words are the same.</summary>
    public bool Equals(ParameterGroups? other) => other is not null && Preset == other.Preset && Rules.SequenceEqual(other.Rules);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Preset, Rules.Length);

    // Names of biases differ from one source of networks to the next; a vector is one, or it is the weight of a norm.
    private static bool IsVector(Parameter parameter) => parameter.Shape.Rank <= 1;

    private static bool IsNormWeight(Parameter parameter) => parameter.Name.EndsWith("weight", StringComparison.Ordinal);
}
