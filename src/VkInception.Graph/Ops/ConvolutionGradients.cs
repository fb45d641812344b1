namespace VkInception.Graph.Ops;

/// <summary>The backward pass that convolutions and linear layers share.</summary>
internal static class ConvolutionGradients
{
    /// <summary>The launches; all views are of rank 4. <paramref name="dy"/> is masked in place where the output was clamped, unless it is <paramref name="masked"/> already.</summary>
    public static IEnumerable<Dispatch> Launches(
        TensorView x, TensorView w, TensorView y, TensorView dy, Gradient? dx, Gradient? dw, Gradient? db, Window window, int groups, OutputRange range, bool masked = false)
    {
        if (dx is null && dw is null && db is null) yield break;
        foreach (ShaderDispatch launch in BiasGradient.Launches(y, dy, db, masked ? OutputRange.All : range)) yield return launch;
        if (dw is not null) yield return new ConvolutionBackwardFilter(x, dy, dw, window, groups);
        if (dx is not null) yield return new ConvolutionBackwardData(dy, w, dx, x, window, groups);
    }
}
