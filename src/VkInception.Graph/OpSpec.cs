using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>What an operation needs and gives for given input shapes.</summary>
public sealed record OpSpec(ImmutableArray<Shape> Outputs, ImmutableArray<ParameterSpec> Parameters)
{
    /// <summary>One output, no parameters.</summary>
    public OpSpec(Shape output)
        : this([output], [])
    {
    }
}
