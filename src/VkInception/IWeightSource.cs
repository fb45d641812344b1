using VkInception.Graph;

namespace VkInception;

/// <summary>Where a network's parameters come from: a checkpoint, or a seeded formula.</summary>
public interface IWeightSource
{
    /// <summary>Whether the source holds this parameter; one that it does not hold falls back to the value in the graph file.</summary>
    bool Has(Parameter parameter);

    /// <summary>The elements of a parameter in logical order (filters O I H W).</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.WeightMismatch"/> when it is missing or of another shape.</exception>
    ReadOnlyMemory<float> Read(Parameter parameter);
}
