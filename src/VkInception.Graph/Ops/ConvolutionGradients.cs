namespace VkInception.Graph.Ops;

/// <summary>The backward pass that convolutions and linear layers share.</summary>
internal static class ConvolutionGradients
{
    /// <summary>Rows that one slice of a bias gradient has: few, so that neighbouring invocations stay near one another in memory.</summary>
    private const int SliceRows = 16;

    /// <summary>Invocations of a workgroup, along channels: few enough for any device.</summary>
    private const int Lanes = 64;

    /// <summary>Every device takes at least this many workgroups in one direction; the kernel strides over the rest.</summary>
    private const int MaxGroups = 65535;

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
        int slices = (rows + SliceRows - 1) / SliceRows;
        Gradient? sums = db is null || slices == 1 ? db : new Gradient(TensorView.Dense([slices, channels], new Storage("bias gradient workspace", (long)slices * channels, type: dy.SumType)), false);
        ShaderDispatch launch = ShaderDispatch.Of("conv2d_backward_bias");
        launch = range.IsAll ? launch.Read("dy", dy).Read("y", dy) : launch.Update("dy", dy).Read("y", y);
        launch = sums is null ? launch.Read("sums", dy).Specialize("accumulate", false) : launch.Gradient("sums", sums);
        yield return launch
            .Specialize("slice_rows", SliceRows).Specialize("masked", !range.IsAll).Specialize("summed", sums is not null)
            .Specialize("floored", float.IsFinite(range.Low)).Specialize("capped", float.IsFinite(range.High))
            .With("rows", rows).With("columns", channels).With("slices", slices)
            .With("dyRowStride", dy.RowStride).With("yRowStride", (range.IsAll ? dy : y).RowStride)
            .With("low", range.Low).With("high", range.High)
            .Groups((channels + Lanes - 1) / Lanes, Math.Min(slices, MaxGroups), 1, Lanes);
        if (sums is null || sums == db) yield break;
        foreach (ShaderDispatch sum in SliceSum.Launches(sums.View, db!)) yield return sum;
    }
}
