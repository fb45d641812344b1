namespace VkInception.Graph;

/// <summary>The gradient before a clamp, in place, and a bias' gradient: its sum over all rows.</summary>
public static class BiasGradient
{
    /// <summary>A slice of a bias gradient has a multiple of so many rows; as many as leave few enough slices to add with one launch, but not more than keep a device busy.</summary>
    private const int SliceStep = 16, MostSliceRows = 128, FewSlices = 64;

    /// <summary>Rows whose elements lie so near one another that a processor reads four rows in order, and not every fourth cache line of sixteen: twice as fast.</summary>
    private const int ShortRow = 64;

    /// <summary>The launches: sums per slice of the rows in one pass, then over the slices; none where there is nothing to do.</summary>
    /// <param name="y">What was clamped; not read where <paramref name="range"/> is everything.</param>
    /// <param name="dy">Its gradient, masked in place where the range has an end.</param>
    /// <param name="db">Where the sums per channel are wanted; null where they are not.</param>
    /// <param name="range">The range.</param>
    public static IEnumerable<ShaderDispatch> Launches(TensorView y, TensorView dy, Gradient? db, OutputRange range)
    {
        if (range.IsAll && db is null) yield break;
        int rows = (int)dy.Rows, channels = dy.Shape.C;
        int sliceRows = Math.Min((rows + (FewSlices * SliceStep) - 1) / (FewSlices * SliceStep) * SliceStep, MostSliceRows);
        int slices = (rows + sliceRows - 1) / sliceRows;
        Gradient? sums = db is null || slices == 1 ? db : new Gradient(TensorView.Dense([slices, channels], new Storage("bias gradient workspace", (long)slices * channels, type: dy.SumType)), false);
        ShaderDispatch launch = ShaderDispatch.Of("conv2d_backward_bias");
        launch = range.IsAll ? launch.Read("dy", dy).Read("y", dy) : launch.Update("dy", dy).Read("y", y);
        launch = sums is null ? launch.Read("sums", dy).Specialize("accumulate", false) : launch.Gradient("sums", sums);
        TensorView values = range.IsAll ? dy : y;
        bool even = channels % 2 == 0 && IsEven(dy) && IsEven(values) && (sums is null || sums.View.Offset % 2 == 0);
        yield return launch
            .MaskedBy(range, !range.IsAll).Specialize("summed", sums is not null).Specialize("even", even).Specialize("unrolled", dy.RowStride <= ShortRow ? 4 : 16)
            .With("rows", rows).With("columns", channels).With("slices", slices).With("sliceRows", sliceRows)
            .With("dyRowStride", dy.RowStride).With("yRowStride", values.RowStride)
            .Over((long)slices * channels);
        if (sums is null || sums == db) yield break;
        foreach (ShaderDispatch sum in SliceSum.Launches(sums.View, db!)) yield return sum;
    }

    private static bool IsEven(TensorView view) => view.RowStride % 2 == 0 && view.Offset % 2 == 0;
}
