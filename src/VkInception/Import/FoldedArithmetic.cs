namespace VkInception.Import;

/// <summary>Elementwise operators and reductions over constants.</summary>
internal static class FoldedArithmetic
{
    private static readonly Dictionary<string, Func<double, double, double>> binary = new()
    {
        ["Add"] = (a, b) => a + b,
        ["Sub"] = (a, b) => a - b,
        ["Mul"] = (a, b) => a * b,
        ["Div"] = (a, b) => a / b,
        ["Pow"] = Math.Pow,
        ["Mod"] = (a, b) => a - Math.Floor(a / b) * b,
        ["Min"] = Math.Min,
        ["Max"] = Math.Max,
        ["Sum"] = (a, b) => a + b,
        ["Equal"] = (a, b) => a == b ? 1 : 0,
        ["Greater"] = (a, b) => a > b ? 1 : 0,
        ["GreaterOrEqual"] = (a, b) => a >= b ? 1 : 0,
        ["Less"] = (a, b) => a < b ? 1 : 0,
        ["LessOrEqual"] = (a, b) => a <= b ? 1 : 0,
        ["And"] = (a, b) => a != 0 && b != 0 ? 1 : 0,
        ["Or"] = (a, b) => a != 0 || b != 0 ? 1 : 0,
    };

    private static readonly Dictionary<string, Func<double, double>> unary = new()
    {
        ["Neg"] = v => -v,
        ["Abs"] = Math.Abs,
        ["Floor"] = Math.Floor,
        ["Ceil"] = Math.Ceiling,
        ["Round"] = v => Math.Round(v, MidpointRounding.ToEven),
        ["Sqrt"] = Math.Sqrt,
        ["Reciprocal"] = v => 1 / v,
        ["Exp"] = Math.Exp,
        ["Log"] = Math.Log,
        ["Not"] = v => v == 0 ? 1 : 0,
    };

    private static readonly Dictionary<string, (double Start, Func<double, double, double> Join)> reductions = new()
    {
        ["ReduceProd"] = (1, (a, b) => a * b),
        ["ReduceSum"] = (0, (a, b) => a + b),
        ["ReduceMin"] = (double.PositiveInfinity, Math.Min),
        ["ReduceMax"] = (double.NegativeInfinity, Math.Max),
    };

    /// <summary>Whether an operator is one of these.</summary>
    public static bool Knows(string opType) => binary.ContainsKey(opType) || unary.ContainsKey(opType) || reductions.ContainsKey(opType);

    /// <summary>Evaluates a node.</summary>
    public static HostTensor Fold(ConstantFolding folding, OnnxCall call)
    {
        if (unary.TryGetValue(call.Node.OpType, out Func<double, double>? change)) return Unary(folding, call, change);
        if (reductions.TryGetValue(call.Node.OpType, out (double Start, Func<double, double, double> Join) reduction)) return Reduce(folding, call, reduction.Start, reduction.Join);
        return Binary(folding, call, binary[call.Node.OpType]);
    }

    /// <summary>The shape that two shapes broadcast to.</summary>
    public static int[] Broadcast(OnnxCall call, int[] a, int[] b)
    {
        var dims = new int[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= dims.Length; i++)
        {
            int ea = i <= a.Length ? a[^i] : 1, eb = i <= b.Length ? b[^i] : 1;
            if (ea != eb && ea != 1 && eb != 1) throw call.Mismatch($"constants of {string.Join('×', a)} and {string.Join('×', b)} do not broadcast");
            dims[^i] = ea == 1 ? eb : ea;
        }
        return dims;
    }

    private static HostTensor Unary(ConstantFolding folding, OnnxCall call, Func<double, double> change)
    {
        HostTensor x = call.Constant(0);
        if (x.Fill is { } fill) return HostTensor.Filled(x.Dims, change(fill), x.IsInteger);
        double[] values = folding.Values(call, 0), result = folding.Allocate(x.Dims);
        for (int i = 0; i < result.Length; i++) result[i] = change(values[i]);
        return HostTensor.From(x.Dims, result, x.IsInteger);
    }

    private static HostTensor Binary(ConstantFolding folding, OnnxCall call, Func<double, double, double> join)
    {
        HostTensor result = call.Constant(0);
        for (int i = 1; i < call.InputCount; i++)
        {
            HostTensor next = call.Constant(i).Reshaped(OnnxArithmetic.Aligned(call, result.Dims, call.Constant(i).Dims));
            result = Binary(folding, call, result, next, join);
        }
        return result;
    }

    private static HostTensor Binary(ConstantFolding folding, OnnxCall call, HostTensor a, HostTensor b, Func<double, double, double> join)
    {
        int[] dims = Broadcast(call, a.Dims, b.Dims);
        bool isInteger = (a.IsInteger && b.IsInteger) || call.Node.OpType is "Equal" or "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual";
        bool truncates = isInteger && call.Node.OpType is "Div" or "Mod";
        if (a.Fill is { } fa && b.Fill is { } fb) return HostTensor.Filled(dims, One(fa, fb), isInteger);
        double[] result = folding.Allocate(dims), va = folding.Values(a), vb = folding.Values(b);
        using IEnumerator<int> atB = ConstantFolding.Walk(dims, ConstantFolding.Steps(b.Dims, dims)).GetEnumerator();
        int i = 0;
        foreach (int at in ConstantFolding.Walk(dims, ConstantFolding.Steps(a.Dims, dims)))
        {
            atB.MoveNext();
            result[i++] = One(va[at], vb[atB.Current]);
        }
        return HostTensor.From(dims, result, isInteger);

        double One(double x, double y)
        {
            if (!truncates) return join(x, y);
            return y == 0 ? throw call.Damaged("divides an integer by zero") : Math.Truncate(join(x, y));
        }
    }

    private static HostTensor Reduce(ConstantFolding folding, OnnxCall call, double start, Func<double, double, double> join)
    {
        HostTensor x = call.Constant(0);
        int rank = x.Dims.Length;
        int[] axes = [.. (call.Axes(1) ?? [.. Enumerable.Range(0, rank).Select(a => (long)a)]).Select(a => call.Axis(a, rank))];
        int[] kept = [.. x.Dims.Select((d, axis) => axes.Contains(axis) ? 1 : d)];
        double[] values = folding.Values(call, 0), result = folding.Allocate(kept);
        Array.Fill(result, start);
        int i = 0;
        foreach (int at in ConstantFolding.Walk(x.Dims, ConstantFolding.Steps(kept, x.Dims))) result[at] = join(result[at], values[i++]);
        int[] dims = call.Int("keepdims", 1) != 0 ? kept : [.. x.Dims.Where((_, axis) => !axes.Contains(axis))];
        return HostTensor.From(dims, result, x.IsInteger);
    }
}
