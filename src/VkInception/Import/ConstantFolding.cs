using VkInception.Graph;

namespace VkInception.Import;

/// <summary>Evaluates ONNX operators over constants on the host: shapes, indices, and small arithmetic on weights.</summary>
/// <remarks>What is folded is bounded in sum by what the file holds, so that no file of a few bytes can keep the machine busy or fill it.</remarks>
/// <param name="stored">Elements of the constants in the file.</param>
internal sealed class ConstantFolding(long stored)
{
    // Shapes, indices and small tables; and each weight a few times over.
    private const long Free = 1L << 24, TimesStored = 4;
    private readonly long most = Free + TimesStored * stored;
    private static readonly Dictionary<string, Func<ConstantFolding, OnnxCall, HostTensor>> folds = new()
    {
        ["Constant"] = (_, call) => Constant(call),
        ["ConstantOfShape"] = (_, call) => ConstantOfShape(call),
        ["Identity"] = (_, call) => call.Constant(0),
        ["Dropout"] = (_, call) => call.Constant(0),
        ["Shape"] = (_, call) => ShapeOf(call),
        ["Size"] = (_, call) => HostTensor.From([], [call.Input(0).Dims.Aggregate(1.0, (all, d) => all * d)], isInteger: true),
        ["Cast"] = (folding, call) => Cast(folding, call),
        ["Reshape"] = (_, call) => Reshape(call),
        ["Flatten"] = (_, call) => call.Constant(0).Reshaped(OnnxShapes.Flattened(call, call.Constant(0).Dims)),
        ["Unsqueeze"] = (_, call) => call.Constant(0).Reshaped(OnnxShapes.Unsqueezed(call, call.Constant(0).Dims)),
        ["Squeeze"] = (_, call) => call.Constant(0).Reshaped(OnnxShapes.Squeezed(call, call.Constant(0).Dims)),
        ["Transpose"] = (folding, call) => folding.Transpose(call),
        ["Gather"] = (folding, call) => folding.Gather(call),
        ["Slice"] = (folding, call) => folding.Slice(call),
        ["Concat"] = (folding, call) => folding.Concat(call),
        ["Expand"] = (folding, call) => folding.Expand(call),
        ["Range"] = (folding, call) => folding.Range(call),
        ["Where"] = (folding, call) => folding.Where(call),
    };

    private long spent;

    /// <summary>Whether an operator can be folded.</summary>
    public static bool Knows(string opType) => folds.ContainsKey(opType) || FoldedArithmetic.Knows(opType);

    /// <summary>Whether an operator looks at its input's shape only, and folds over computed tensors too.</summary>
    public static bool NeedsShapeOnly(string opType) => opType is "Shape" or "Size";

    /// <summary>Evaluates a node whose inputs are constant.</summary>
    public HostTensor Fold(OnnxCall call)
        => folds.TryGetValue(call.Node.OpType, out Func<ConstantFolding, OnnxCall, HostTensor>? fold) ? fold(this, call) : FoldedArithmetic.Fold(this, call);

    /// <summary>An input's elements, charged against the bound.</summary>
    public double[] Values(OnnxCall call, int index) => Values(call.Constant(index));

    /// <summary>A constant's elements, charged against the bound.</summary>
    public double[] Values(HostTensor tensor)
    {
        Charge(tensor.Count);
        return tensor.Values();
    }

    /// <summary>Room for a result, charged against the bound.</summary>
    public double[] Allocate(IReadOnlyList<int> dims)
    {
        double count = dims.Aggregate(1.0, (all, d) => all * d);
        Charge(count > most ? most + 1 : (long)count);
        return new double[(int)count];
    }

    /// <summary>Steps along the axes of <paramref name="output"/> in a tensor of <paramref name="dims"/>; 0 where it stretches.</summary>
    public static int[] Steps(int[] dims, IReadOnlyList<int> output)
    {
        var steps = new int[output.Count];
        int step = 1;
        for (int axis = dims.Length - 1, at = output.Count - 1; axis >= 0; axis--, at--)
        {
            steps[at] = dims[axis] == 1 ? 0 : step;
            step *= dims[axis];
        }
        return steps;
    }

    /// <summary>Walks an output in order and tells where in an input each element comes from.</summary>
    public static IEnumerable<int> Walk(IReadOnlyList<int> output, IReadOnlyList<int> steps, int start = 0)
    {
        if (output.Contains(0)) yield break;
        var at = new int[output.Count];
        int offset = start;
        while (true)
        {
            yield return offset;
            int axis = output.Count - 1;
            for (; axis >= 0; axis--)
            {
                offset += steps[axis];
                if (++at[axis] < output[axis]) break;
                offset -= steps[axis] * output[axis];
                at[axis] = 0;
            }
            if (axis < 0) yield break;
        }
    }

    private void Charge(long count)
    {
        spent += count;
        if (spent > most) throw Unsupported.Because($"constants that are too large to compute at import (over {most} elements)");
    }

    private HostTensor Take(HostTensor source, double[] values, int[] dims, IReadOnlyList<int> steps, int start = 0)
    {
        double[] taken = Allocate(dims);
        int i = 0;
        foreach (int from in Walk(dims, steps, start)) taken[i++] = values[from];
        return HostTensor.From(dims, taken, source.IsInteger);
    }

    private static HostTensor Constant(OnnxCall call)
    {
        if (call.Attribute("value")?.Tensor is { } tensor) return HostTensor.From(tensor.WithName(call.Node.Outputs[0]));
        if (call.Attribute("value_float")?.Float is { } f) return HostTensor.From([], [f], isInteger: false);
        if (call.Attribute("value_int")?.Int is { } i) return HostTensor.From([], [i], isInteger: true);
        if (call.Attribute("value_floats") is { } floats) return HostTensor.From([floats.Floats.Count], [.. floats.Floats.Select(v => (double)v)], isInteger: false);
        if (call.Attribute("value_ints") is { } ints) return HostTensor.From(ints.Ints);
        throw Unsupported.Because("a value that is neither a tensor nor numbers");
    }

    private static HostTensor ConstantOfShape(OnnxCall call)
    {
        HostTensor value = call.Attribute("value")?.Tensor is { } tensor ? HostTensor.From(tensor) : HostTensor.Filled([1], 0, isInteger: false);
        if (value.Count != 1) throw call.Damaged($"a value of {value.Count} elements; one is needed");
        return HostTensor.Filled(Extents(call, call.Integers(0)), value.Values()[0], value.IsInteger);
    }

    private static HostTensor ShapeOf(OnnxCall call)
    {
        int[] dims = call.Input(0).Dims;
        int start = Clamp(call.Int("start", 0), dims.Length), end = Clamp(call.Int("end", dims.Length), dims.Length);
        return HostTensor.From(dims.Take(end).Skip(start).Select(d => (long)d));
    }

    private static HostTensor Cast(ConstantFolding folding, OnnxCall call)
    {
        HostTensor x = call.Constant(0);
        // Old exporters write the target's name, later ones its number.
        bool toInteger = call.Attribute("to") is { Text: { } name } ? !name.Contains("FLOAT", StringComparison.OrdinalIgnoreCase) && name != "DOUBLE"
            : call.Int("to", 1) is not (1 or 10 or 11 or 16);
        if (toInteger != x.IsInteger) folding.Charge(x.Count);
        return x.Cast(toInteger);
    }

    private static HostTensor Reshape(OnnxCall call)
    {
        HostTensor x = call.Constant(0);
        long[] wanted = call.Has(1) ? call.Integers(1) : [.. call.Ints("shape") ?? throw call.Damaged("has no shape")];
        if (x.Count == 0 || wanted.Length == 0)
        {
            int[] dims = Extents(call, wanted);
            return dims.Aggregate(1.0, (all, d) => all * d) == x.Count ? x.Reshaped(dims) : throw call.Mismatch($"{x.Count} elements do not fill the shape wanted");
        }
        return x.Reshaped([.. ShapeArithmetic.Resolve(call.Where, Shape.Create(x.Dims), wanted, call.Int("allowzero", 0) == 0)]);
    }

    private HostTensor Transpose(OnnxCall call)
    {
        HostTensor x = call.Constant(0);
        int[] order = OnnxShapes.Permutation(call, x.Dims.Length);
        int[] dims = [.. order.Select(axis => x.Dims[axis])], steps = Strides(x.Dims);
        if (x.Fill is not null) return x.Reshaped(dims);
        return Take(x, Values(call, 0), dims, [.. order.Select(axis => steps[axis])]);
    }

    private HostTensor Gather(OnnxCall call)
    {
        HostTensor x = call.Constant(0), indices = call.Constant(1);
        int axis = call.Axis(call.Int("axis", 0), x.Dims.Length);
        double[] values = Values(call, 0), chosen = Values(call, 1);
        int[] dims = [.. x.Dims.Take(axis), .. indices.Dims, .. x.Dims.Skip(axis + 1)];
        double[] gathered = Allocate(dims);
        int inner = x.Dims.Skip(axis + 1).Aggregate(1, (all, d) => all * d), extent = x.Dims[axis], at = 0;
        for (int outer = 0; outer < x.Dims.Take(axis).Aggregate(1, (all, d) => all * d); outer++)
            foreach (double index in chosen)
            {
                int row = call.Axis((long)index, extent);
                Array.Copy(values, (outer * extent + row) * inner, gathered, at, inner);
                at += inner;
            }
        return HostTensor.From(dims, gathered, x.IsInteger);
    }

    private HostTensor Slice(OnnxCall call)
    {
        HostTensor x = call.Constant(0);
        int[] dims = [.. x.Dims], steps = Strides(x.Dims);
        int start = 0;
        foreach ((int axis, int from, int count, int step) in OnnxShapes.Slices(call, x.Dims))
        {
            start += from * steps[axis];
            dims[axis] = count;
            steps[axis] *= step;
        }
        return Take(x, Values(call, 0), dims, steps, start);
    }

    private HostTensor Concat(OnnxCall call)
    {
        HostTensor first = call.Constant(0);
        int axis = call.Axis(call.Int("axis", 1), first.Dims.Length);
        HostTensor[] parts = [.. Enumerable.Range(0, call.InputCount).Select(call.Constant)];
        if (parts.Any(p => p.Dims.Length != first.Dims.Length || !p.Dims.Where((_, i) => i != axis).SequenceEqual(first.Dims.Where((_, i) => i != axis))))
            throw call.Mismatch($"parts of {string.Join(", ", parts.Select(p => p.ShapeText))} do not join along axis {axis}");
        int[] dims = [.. first.Dims];
        long extent = parts.Sum(p => (long)p.Dims[axis]);
        dims[axis] = call.Narrow(extent);
        double[] joined = Allocate(dims);
        int outer = first.Dims.Take(axis).Aggregate(1, (all, d) => all * d), at = 0;
        double[][] values = [.. Enumerable.Range(0, parts.Length).Select(i => Values(call, i))];
        for (int row = 0; row < outer; row++)
            foreach (double[] part in values)
            {
                int run = part.Length / outer;
                Array.Copy(part, row * run, joined, at, run);
                at += run;
            }
        return HostTensor.From(dims, joined, parts.All(p => p.IsInteger));
    }

    private HostTensor Expand(OnnxCall call)
    {
        HostTensor x = call.Constant(0);
        int[] dims = FoldedArithmetic.Broadcast(call, x.Dims, Extents(call, call.Integers(1)));
        if (x.Fill is { } fill) return HostTensor.Filled(dims, fill, x.IsInteger);
        return Take(x, Values(call, 0), dims, Steps(x.Dims, dims));
    }

    private HostTensor Range(OnnxCall call)
    {
        double start = Values(call, 0).FirstOrDefault(), limit = Values(call, 1).FirstOrDefault(), step = Values(call, 2).FirstOrDefault();
        double count = Math.Max(0, Math.Ceiling((limit - start) / step));
        if (!(count <= most)) throw call.Damaged($"a range of {count:g3} elements");
        double[] values = Allocate([(int)count]);
        for (int i = 0; i < values.Length; i++) values[i] = start + i * step;
        return HostTensor.From([values.Length], values, call.Constant(0).IsInteger);
    }

    private HostTensor Where(OnnxCall call)
    {
        HostTensor condition = call.Constant(0), x = call.Constant(1), y = call.Constant(2);
        int[] dims = FoldedArithmetic.Broadcast(call, FoldedArithmetic.Broadcast(call, condition.Dims, x.Dims), y.Dims);
        double[] c = Values(call, 0), a = Values(call, 1), b = Values(call, 2), result = Allocate(dims);
        using IEnumerator<int> atA = Walk(dims, Steps(x.Dims, dims)).GetEnumerator(), atB = Walk(dims, Steps(y.Dims, dims)).GetEnumerator();
        int i = 0;
        foreach (int at in Walk(dims, Steps(condition.Dims, dims)))
        {
            atA.MoveNext();
            atB.MoveNext();
            result[i++] = c[at] != 0 ? a[atA.Current] : b[atB.Current];
        }
        return HostTensor.From(dims, result, x.IsInteger);
    }

    private static int[] Extents(OnnxCall call, long[] wanted)
        => [.. wanted.Select(d => d is >= 0 and <= int.MaxValue ? (int)d : throw call.Mismatch($"an extent of {d}"))];

    private static int[] Strides(int[] dims)
    {
        var strides = new int[dims.Length];
        int step = 1;
        for (int axis = dims.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= dims[axis];
        }
        return strides;
    }

    private static int Clamp(long position, int rank) => (int)Math.Clamp(position < 0 ? position + rank : position, 0, rank);
}
