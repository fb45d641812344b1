using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>Checks shapes that files claim: no overflow, no negative dimension, nothing longer than an array can index.</summary>
internal static class TensorShape
{
    /// <summary>More axes than any framework writes; NumPy stops at 64.</summary>
    public const int MaxRank = 64;

    /// <summary>Checks <paramref name="dimensions"/> and narrows them.</summary>
    /// <param name="dimensions">As the file claims them, outermost first.</param>
    /// <param name="elementSize">Bytes of one element; their total must fit a long.</param>
    /// <param name="shape">The dimensions, or default where they are refused.</param>
    /// <returns>False where a dimension is negative or above int32, or where the bytes overflow.</returns>
    public static bool TryCreate(ReadOnlySpan<long> dimensions, int elementSize, out ImmutableArray<int> shape)
    {
        shape = default;
        if (dimensions.Length > MaxRank)
            return false;
        var builder = ImmutableArray.CreateBuilder<int>(dimensions.Length);
        foreach (long dimension in dimensions)
        {
            if (dimension is < 0 or > int.MaxValue)
                return false;
            builder.Add((int)dimension);
        }
        ImmutableArray<int> candidate = builder.MoveToImmutable();
        if (!TryCount(candidate, elementSize, out _))
            return false;
        shape = candidate;
        return true;
    }

    /// <summary>Elements of a shape (1 for a scalar); false where elements times <paramref name="elementSize"/> overflow.</summary>
    public static bool TryCount(ImmutableArray<int> shape, int elementSize, out long count)
    {
        count = 1;
        if (shape.Contains(0))
        {
            count = 0;
            return true;
        }
        foreach (int dimension in shape)
        {
            if (dimension < 0 || count > long.MaxValue / elementSize / dimension)
                return false;
            count *= dimension;
        }
        return true;
    }

    /// <summary>For messages: <c>64×3×7×7</c>, or <c>scalar</c>.</summary>
    public static string Format(ImmutableArray<int> shape) => shape.IsEmpty ? "scalar" : string.Join('×', shape);
}
