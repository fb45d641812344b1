namespace VkInception.Graph;

/// <summary>The last launch of a gradient that was summed in slices: adds them in order, so that the same step gives the same bits.</summary>
public static class SliceSum
{
    /// <summary>The launch.</summary>
    /// <param name="parts">Slices × elements of the gradient, dense.</param>
    /// <param name="sums">The gradient, dense.</param>
    public static ShaderDispatch Launch(TensorView parts, Gradient sums)
    {
        int count = parts.Shape[1];
        bool wide = count % 4 == 0 && sums.View.Offset % 4 == 0;
        return ShaderDispatch.Of("conv2d_backward_sum").Read("parts", parts).Gradient("sums", sums)
            .With("count", wide ? count / 4 : count).With("slices", parts.Shape[0]).Specialize("wide", wide).Over(wide ? count / 4 : count);
    }
}
