using VkInception.Graph;

namespace VkInception.Training;

/// <summary>Weights held in host memory by name: what training has reached, to evaluate or to save. Thread-safe as long as nobody changes the arrays.</summary>
/// <param name="values">Elements in logical order by the parameter's name.</param>
public sealed class WeightSnapshot(IReadOnlyDictionary<string, float[]> values) : IWeightSource
{
    /// <inheritdoc/>
    public bool Has(Parameter parameter) => values.ContainsKey(parameter.Name);

    /// <inheritdoc/>
    public ReadOnlyMemory<float> Read(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return values.TryGetValue(parameter.Name, out float[]? found)
            ? found
            : throw new VkInceptionException(ErrorCode.WeightMismatch, $"no weights for \"{parameter.Name}\" in what was trained");
    }
}
