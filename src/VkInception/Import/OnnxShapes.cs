using System.Collections.Immutable;
using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Import;

/// <summary>ONNX operators that move elements or rename axes: their rules, for tensors and constants alike, and their nodes.</summary>
internal static class OnnxShapes
{
    public static OnnxValue Identity(OnnxCall call) => call.Finish(new Identity(), call.Tensor(0));

    public static OnnxValue Cast(OnnxCall call)
    {
        if (call.Attribute("to") is { Text: null } && call.Int("to", 1) is not (1 or 10 or 11 or 16)) throw Unsupported.Because("a computed tensor made integer");
        return Identity(call);
    }

    public static OnnxValue Dropout(OnnxCall call)
    {
        float rate = call.Has(1) ? (float)call.Constant(1).Values().FirstOrDefault() : call.Float("ratio", 0.5f);
        if (call.Has(2) && call.Constant(2).Values().FirstOrDefault() != 0) throw Unsupported.Because("training_mode on");
        return call.Finish(new Dropout(rate), call.Tensor(0));
    }

    public static OnnxValue Reshape(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        long[] wanted = call.Has(1) ? call.Integers(1) : [.. call.Ints("shape") ?? throw call.Damaged("has no shape")];
        // A file exported for one batch has it in its shapes: the network's batch takes its place.
        long fixedCount = wanted.Aggregate(1L, (all, d) => d > 0 && all < int.MaxValue ? all * d : -1);
        if (fixedCount > 0 && fixedCount != x.Shape.Count && x.Shape.Rank > 0 && wanted[0] == call.DeclaredBatch) wanted[0] = x.Shape.N;
        return call.Finish(new Reshape(ShapeArithmetic.Resolve(call.Where, x.Shape, wanted, call.Int("allowzero", 0) == 0)), x);
    }

    public static OnnxValue Flatten(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        return call.Finish(new Reshape(Shape.Create(Flattened(call, [.. x.Shape]))), x);
    }

    public static OnnxValue Squeeze(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        return call.Finish(new Reshape(Shape.Create(Squeezed(call, [.. x.Shape]))), x);
    }

    public static OnnxValue Unsqueeze(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        return call.Finish(new Reshape(Shape.Create(Unsqueezed(call, [.. x.Shape]))), x);
    }

    public static OnnxValue Transpose(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        return call.Finish(new Transpose([.. Permutation(call, x.Shape.Rank)]), x);
    }

    public static OnnxValue Concat(OnnxCall call)
    {
        int rank = call.Tensor(0).Shape.Rank;
        Tensor[] parts = [.. Enumerable.Range(0, call.InputCount).Select(call.Tensor)];
        return call.Finish(new Concat(call.Axis(call.Int("axis", 1), rank)), parts);
    }

    public static OnnxValue Pad(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        int rank = x.Shape.Rank;
        string mode = call.Text("mode", "constant");
        if (mode != "constant") throw Unsupported.Because($"mode {(mode is "reflect" or "edge" or "wrap" ? mode : "unknown")}");
        IReadOnlyList<long> pads = call.Has(1) ? call.Integers(1) : call.Ints("pads") ?? call.Ints("paddings") ?? throw call.Damaged("has no pads");
        float value = call.Has(2) ? (float)call.Constant(2).Values().FirstOrDefault() : call.Float("value", 0);
        int[] axes = call.Has(3) ? [.. call.Integers(3).Select(a => call.Axis(a, rank))] : [.. Enumerable.Range(0, rank)];
        if (pads.Count != 2 * axes.Length) throw call.Damaged($"{pads.Count} pads for {axes.Length} axes");
        int[] before = new int[rank], after = new int[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            before[axes[i]] = call.Narrow(pads[i]);
            after[axes[i]] = call.Narrow(pads[axes.Length + i]);
        }
        return call.Finish(new Pad([.. before], [.. after], value), x);
    }

    public static OnnxValue Slice(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        int[] before = new int[x.Shape.Rank], after = new int[x.Shape.Rank];
        foreach ((int axis, int from, int count, int step) in Slices(call, [.. x.Shape]))
        {
            if (step != 1) throw Unsupported.Because("a step other than 1");
            before[axis] = -from;
            after[axis] = from + count - x.Shape[axis];
        }
        return call.Finish(new Pad([.. before], [.. after]), x);
    }

    public static OnnxValue Gather(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        HostTensor index = call.Constant(1);
        if (index.Count != 1) throw Unsupported.Because("more than one index into a computed tensor");
        int axis = call.Axis(call.Int("axis", 0), x.Shape.Rank), row = call.Axis(index.Integers()[0], x.Shape[axis]);
        Pad crop = Crop(x.Shape, axis, row, 1);
        if (index.Dims.Length == 1) return call.Finish(crop, x);
        int[] dims = [.. x.Shape.Take(axis), .. index.Dims, .. x.Shape.Skip(axis + 1)];
        return call.Finish(new Reshape(Shape.Create(dims)), call.Step("row", crop, x));
    }

    public static OnnxValue Split(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        int axis = call.Axis(call.Int("axis", 0), x.Shape.Rank), parts = call.Node.Outputs.Count;
        long even = (x.Shape[axis] + parts - 1L) / parts;
        IReadOnlyList<long> sizes = call.Axes(1, "split") is { Count: > 0 } given ? given
            : [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(x.Shape[axis] - i * even, 0, even))];
        if (sizes.Count != parts || sizes.Any(s => s < 1) || sizes.Sum() != x.Shape[axis])
            throw call.Mismatch($"{parts} parts of {string.Join(", ", sizes.Take(8))} do not make up the {x.Shape[axis]} of axis {axis}");
        var made = new Tensor[parts];
        for (int i = 0, from = 0; i < parts; from += (int)sizes[i++])
            made[i] = call.Part(i, Crop(x.Shape, axis, from, (int)sizes[i]), x);
        return made[0];
    }

    /// <summary>Two axes: those before the attribute's axis, and the others.</summary>
    public static int[] Flattened(OnnxCall call, int[] dims)
    {
        long axis = call.Int("axis", 1);
        if (axis < -dims.Length || axis > dims.Length) throw call.Mismatch($"axis {axis} of {dims.Length} axes");
        int at = (int)(axis < 0 ? axis + dims.Length : axis);
        return [Product(call, dims.Take(at)), Product(call, dims.Skip(at))];
    }

    /// <summary>Without axes of extent 1: those named, or all of them.</summary>
    public static int[] Squeezed(OnnxCall call, int[] dims)
    {
        HashSet<int> axes = call.Axes(1) is { } given ? [.. given.Select(a => call.Axis(a, dims.Length))] : [.. Enumerable.Range(0, dims.Length).Where(a => dims[a] == 1)];
        if (axes.Any(a => dims[a] != 1)) throw call.Mismatch($"an axis of {string.Join('×', dims)} that is to go is longer than 1");
        return [.. dims.Where((_, axis) => !axes.Contains(axis))];
    }

    /// <summary>With axes of extent 1 inserted where they stand in the result.</summary>
    public static int[] Unsqueezed(OnnxCall call, int[] dims)
    {
        IReadOnlyList<long> given = call.Axes(1) ?? throw call.Damaged("has no axes");
        int rank = dims.Length + given.Count;
        HashSet<int> axes = [.. given.Select(a => call.Axis(a, rank))];
        if (axes.Count != given.Count) throw call.Damaged("names an axis twice");
        int next = 0;
        return [.. Enumerable.Range(0, rank).Select(axis => axes.Contains(axis) ? 1 : dims[next++])];
    }

    /// <summary>The order of axes; reversed where none is given.</summary>
    public static int[] Permutation(OnnxCall call, int rank)
    {
        int[] order = call.Ints("perm") is { Count: > 0 } given ? [.. given.Select(a => call.Axis(a, rank))] : [.. Enumerable.Range(0, rank).Reverse()];
        return order.Order().SequenceEqual(Enumerable.Range(0, rank)) ? order : throw call.Mismatch($"perm {string.Join(' ', order)} does not name each of {rank} axes once");
    }

    /// <summary>What a Slice takes of each axis that it names: the first element, how many, and the step between them.</summary>
    public static List<(int Axis, int From, int Count, int Step)> Slices(OnnxCall call, int[] dims)
    {
        IReadOnlyList<long> starts = call.Axes(1, "starts") ?? throw call.Damaged("has no starts");
        IReadOnlyList<long> ends = call.Axes(2, "ends") ?? throw call.Damaged("has no ends");
        IReadOnlyList<long> axes = call.Axes(3) ?? [.. Enumerable.Range(0, starts.Count).Select(i => (long)i)];
        long[] steps = call.Has(4) ? call.Integers(4) : [.. Enumerable.Repeat(1L, starts.Count)];
        if (ends.Count != starts.Count || axes.Count != starts.Count || steps.Length != starts.Count) throw call.Damaged("has starts, ends, axes and steps of different lengths");
        return [.. Enumerable.Range(0, starts.Count).Select(i => One(call.Axis(axes[i], dims.Length), starts[i], ends[i], steps[i]))];

        (int, int, int, int) One(int axis, long start, long end, long step)
        {
            int extent = dims[axis];
            if (step == 0 || step is < -int.MaxValue or > int.MaxValue) throw call.Damaged($"a step of {step}");
            long from = Math.Clamp(start < 0 ? start + extent : start, step > 0 ? 0 : -1, step > 0 ? extent : extent - 1L);
            long to = Math.Clamp(end < 0 ? Math.Max(end, long.MinValue / 2) + extent : end, step > 0 ? 0 : -1, step > 0 ? extent : extent - 1L);
            long count = step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step;
            return (axis, (int)Math.Max(0, from), (int)Math.Max(0, count), (int)step);
        }
    }

    private static Pad Crop(Shape shape, int axis, int from, int count)
    {
        ImmutableArray<int> none = [.. Enumerable.Repeat(0, shape.Rank)];
        return new Pad(none.SetItem(axis, -from), none.SetItem(axis, from + count - shape[axis]));
    }

    private static int Product(OnnxCall call, IEnumerable<int> extents)
    {
        double product = extents.Aggregate(1.0, (all, d) => all * d);
        return product <= int.MaxValue ? (int)product : throw call.Mismatch("an axis of more than 2^31 elements");
    }
}
