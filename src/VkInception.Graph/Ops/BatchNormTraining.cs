namespace VkInception.Graph.Ops;

/// <summary>The launches of a batch normalization in training: statistics of parts of the rows, their total, then the elements; backward alike.</summary>
/// <remarks>A row is a pixel of an image, or an image of a rank-2 input: N·H·W rows of C channels.</remarks>
internal static class BatchNormTraining
{
    /// <summary>Invocations of the launches that total parts: a part of their result's bits, so not the device's choice.</summary>
    private const int TotalLocalSize = 64;

    private const int MaxGroups = 65535;

    /// <summary>Fewer rows are not worth a partial sum of their own; more parts than so many are not worth totalling.</summary>
    private const int LeastRowsPerPart = 16, MostParts = 1024;

    /// <summary>Rows that one invocation normalizes: enough that loading the channel's numbers hardly counts.</summary>
    private const int RowsPerInvocation = 16;

    public static IEnumerable<ShaderDispatch> Forward(BatchNorm2d op, OpTensors t)
    {
        TensorView x = t.Input, y = t.Output, mean = t.Saved[0], inverse = t.Saved[1];
        if (x.Rows < 2)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"node {t.Node}: batch norm needs more than one value per channel in training, got an input {x.Shape}; use a larger batch");
        Split split = Split.Of(x, t);
        TensorView partials = TensorView.Dense([2 * split.Parts, x.RowLength], new Storage($"{t.Node.Name} workspace", 2L * split.Parts * x.RowLength, type: x.SumType));
        yield return ShaderDispatch.Of("batch_norm_statistics").Read("x", x).Write("partials", partials).Specialize("wide", split.Wide)
            .With("count", split.Count).With("channels", split.Channels).With("xRowStride", x.RowStride / split.Step)
            .With("rows", split.Rows).With("rowsPerPart", split.RowsPerPart).Over(split.Count);

        ShaderDispatch total = ShaderDispatch.Of("batch_norm_total").Read("partials", partials).Write("mean", mean).Write("inverseDeviation", inverse);
        TensorView runningMean = t.Parameters[^2], runningVariance = t.Parameters[^1];
        total = t.Recomputed
            ? total.Read("runningMean", runningMean).Read("runningVariance", runningVariance)
            : total.Update("runningMean", runningMean).Update("runningVariance", runningVariance);
        yield return total.Specialize("wide", split.Wide).Specialize("update", !t.Recomputed).With("channels", split.Channels)
            .With("rows", split.Rows).With("rowsPerPart", split.RowsPerPart).With("parts", split.Parts).With("epsilon", op.Epsilon).With("momentum", op.Momentum)
            .Groups(Math.Min(split.Channels, MaxGroups), 1, 1, TotalLocalSize);

        Split elements = split.WithRowsPerPart(RowsPerInvocation);
        yield return Affine(ShaderDispatch.Of("batch_norm_forward_train").Read("x", x).Write("y", y), op, t)
            .With("count", elements.Count).With("channels", elements.Channels).With("xRowStride", x.RowStride / split.Step).With("yRowStride", y.RowStride / split.Step)
            .With("rows", elements.Rows).With("rowsPerPart", elements.RowsPerPart).Specialize("wide", split.Wide).Over(elements.Count);
    }

    public static IEnumerable<ShaderDispatch> Backward(BatchNorm2d op, BackwardTensors t)
    {
        OpTensors f = t.Forward;
        TensorView x = f.Input, dy = t.OutputGradient;
        Gradient? dx = t.InputGradient, dw = op.Affine ? t.ParameterGradients[0] : null, db = op.Affine ? t.ParameterGradients[1] : null;
        if (dx is null && dw is null && db is null) yield break;
        Split split = Split.Of(x, f, [dy, .. new[] { dx, dw, db }.Where(g => g is not null).Select(g => g!.View)]);
        TensorView partials = TensorView.Dense([2 * split.Parts, x.RowLength], new Storage($"{f.Node.Name} workspace", 2L * split.Parts * x.RowLength, type: x.SumType));
        TensorView moments = TensorView.Dense([2, x.RowLength], new Storage($"{f.Node.Name} moments", 2L * x.RowLength, type: x.SumType));
        yield return Clamped(ShaderDispatch.Of("batch_norm_backward_sums").Read("x", x).Read("dy", dy).Write("partials", partials), op, f)
            .With("count", split.Count).With("channels", split.Channels).With("xRowStride", x.RowStride / split.Step).With("dyRowStride", dy.RowStride / split.Step)
            .With("rows", split.Rows).With("rowsPerPart", split.RowsPerPart).Specialize("wide", split.Wide).Over(split.Count);

        ShaderDispatch total = ShaderDispatch.Of("batch_norm_backward_total").Read("partials", partials).Read("inverseDeviation", f.Saved[1]).Write("moments", moments);
        yield return Wanted(Wanted(total, "w", dw, f.Saved[1]), "b", db, f.Saved[1]).Specialize("wide", split.Wide)
            .With("channels", split.Channels).With("rows", split.Rows).With("parts", split.Parts)
            .Groups(Math.Min(split.Channels, MaxGroups), 1, 1, TotalLocalSize);
        if (dx is null) yield break;

        Split elements = split.WithRowsPerPart(RowsPerInvocation);
        yield return Clamped(ShaderDispatch.Of("batch_norm_backward").Read("x", x).Read("dy", dy).Read("moments", moments).Gradient("dx", dx), op, f)
            .With("count", elements.Count).With("channels", elements.Channels)
            .With("xRowStride", x.RowStride / split.Step).With("dyRowStride", dy.RowStride / split.Step).With("dxRowStride", dx.View.RowStride / split.Step)
            .With("rows", elements.Rows).With("rowsPerPart", elements.RowsPerPart).Specialize("wide", split.Wide).Over(elements.Count);
    }

    private static ShaderDispatch Clamped(ShaderDispatch dispatch, BatchNorm2d op, OpTensors t) => Affine(dispatch, op, t).Specialize("clamped", !op.Range.IsAll);

    private static ShaderDispatch Affine(ShaderDispatch dispatch, BatchNorm2d op, OpTensors t)
        // Without weight and bias the shader reads neither; every address it declares must still be one.
        => dispatch.Read("w", op.Affine ? t.Parameters[0] : t.Saved[0]).Read("b", op.Affine ? t.Parameters[1] : t.Saved[0])
            .Read("mean", t.Saved[0]).Read("inverseDeviation", t.Saved[1])
            .Specialize("affine", op.Affine).With("low", op.Range.Low).With("high", op.Range.High);

    private static ShaderDispatch Wanted(ShaderDispatch dispatch, string symbol, Gradient? gradient, TensorView unused)
    {
        dispatch = gradient switch
        {
            null => dispatch.Read($"d{symbol}", unused),
            { Accumulate: true } => dispatch.Update($"d{symbol}", gradient.View),
            _ => dispatch.Write($"d{symbol}", gradient.View),
        };
        return dispatch.Specialize($"with_{symbol}", gradient is not null).Specialize($"accumulate_{symbol}", gradient is { Accumulate: true });
    }

    /// <summary>How the rows are divided into parts; channels count groups of four where <paramref name="Wide"/>.</summary>
    private sealed record Split(bool Wide, int Channels, int Rows, int RowsPerPart)
    {
        public int Step => Wide ? 4 : 1;

        public int Parts => (Rows + RowsPerPart - 1) / RowsPerPart;

        public int Count => Parts * Channels;

        public static Split Of(TensorView x, OpTensors t, IEnumerable<TensorView>? others = null)
        {
            bool wide = t.Inputs.Concat(t.Outputs).Concat(t.Parameters).Concat(t.Saved).Concat(others ?? []).All(v => v.IsVec4);
            int rows = (int)x.Rows;
            return new Split(wide, x.RowLength / (wide ? 4 : 1), rows, Math.Max(LeastRowsPerPart, (rows + MostParts - 1) / MostParts));
        }

        public Split WithRowsPerPart(int rowsPerPart) => this with { RowsPerPart = rowsPerPart };
    }
}
