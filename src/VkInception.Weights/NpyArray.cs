using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>A whole array in memory, row-major.</summary>
/// <param name="Shape">Dimensions, outermost first; empty for a scalar.</param>
/// <param name="Values">As many as the shape has elements.</param>
/// <typeparam name="T">float or long.</typeparam>
public sealed record NpyArray<T>(ImmutableArray<int> Shape, T[] Values)
    where T : unmanaged;
