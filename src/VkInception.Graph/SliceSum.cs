namespace VkInception.Graph;

/// <summary>The last launches of a gradient that was summed in slices: they add them in one fixed order, so that the same step gives the same bits.</summary>
public static class SliceSum
{
    /// <summary>Rows that one invocation adds, where the elements are too few to keep a device busy with longer sums.</summary>
    private const int Chunk = 32;

    /// <summary>Elements from which on one invocation may add any number of rows.</summary>
    private const int Many = 1 << 14;

    /// <summary>The launches.</summary>
    /// <param name="parts">Slices × elements of the gradient, dense.</param>
    /// <param name="sums">The gradient, dense.</param>
    public static IEnumerable<ShaderDispatch> Launches(TensorView parts, Gradient sums)
    {
        int slices = parts.Shape[0], count = parts.Shape[1];
        while (slices > 2 * Chunk && count < Many)
        {
            int groups = (slices + Chunk - 1) / Chunk;
            TensorView shorter = TensorView.Dense([groups, count], new Storage("slice sum workspace", (long)groups * count, type: parts.Type));
            yield return Launch(parts, new Gradient(shorter, false), Chunk);
            (parts, slices) = (shorter, groups);
        }
        yield return Launch(parts, sums, slices);
    }

    private static ShaderDispatch Launch(TensorView parts, Gradient sums, int perGroup)
    {
        int slices = parts.Shape[0], count = parts.Shape[1];
        return ShaderDispatch.Of("conv2d_backward_sum").Read("parts", parts).Gradient("sums", sums)
            .With("count", count).With("slices", slices).With("perGroup", perGroup)
            .Over((long)(slices + perGroup - 1) / perGroup * count);
    }
}
