namespace VkInception.Graph.Ops;

/// <summary>The backward pass that convolutions and linear layers share.</summary>
internal static class ConvolutionGradients
{
    /// <summary>A slice of a bias gradient has a multiple of so many rows; as many as leave few enough slices to add with one launch, but not more than keep a device busy.</summary>
    private const int SliceStep = 16, MostSliceRows = 128, FewSlices = 64;

    /// <summary>Rows whose elements lie so near one another that a processor reads four rows in order, and not every fourth cache line of sixteen: twice as fast.</summary>
    private const int ShortRow = 64;

    /// <summary>The launches; all views are of rank 4. <paramref name="dy"/> is masked in place where the output was clamped.</summary>
    public static IEnumerable<Dispatch> Launches(
        TensorView x, TensorView w, TensorView y, TensorView dy, Gradient? dx, Gradient? dw, Gradient? db, Window window, int groups, OutputRange range)
    {
        if (dx is null && dw is null && db is null) yield break;
        foreach (ShaderDispatch launch in MaskAndSum(y, dy, db, range)) yield return launch;
        if (dw is not null) yield return new ConvolutionBackwardFilter(x, dy, dw, window, groups);
        if (dx is not null) yield return new ConvolutionBackwardData(dy, w, dx, window, groups);
    }

    /// <summary>The gradient before the clamp, and the bias gradient: sums per slice of the rows in one pass, then over the slices.</summary>
    private static IEnumerable<ShaderDispatch> MaskAndSum(TensorView y, TensorView dy, Gradient? db, OutputRange range)
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
            .Specialize("masked", !range.IsAll).Specialize("summed", sums is not null).Specialize("even", even).Specialize("unrolled", dy.RowStride <= ShortRow ? 4 : 16)
            .Specialize("floored", float.IsFinite(range.Low)).Specialize("capped", float.IsFinite(range.High))
            .With("rows", rows).With("columns", channels).With("slices", slices).With("sliceRows", sliceRows)
            .With("dyRowStride", dy.RowStride).With("yRowStride", values.RowStride)
            .With("low", range.Low).With("high", range.High)
            .Over((long)slices * channels);
        if (sums is null || sums == db) yield break;
        foreach (ShaderDispatch sum in SliceSum.Launches(sums.View, db!)) yield return sum;
    }

    private static bool IsEven(TensorView view) => view.RowStride % 2 == 0 && view.Offset % 2 == 0;
}
