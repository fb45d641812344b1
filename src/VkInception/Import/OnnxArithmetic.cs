using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Import;

/// <summary>ONNX's elementwise operators, activations and normalizations.</summary>
internal static class OnnxArithmetic
{
    public static OnnxValue Add(OnnxCall call) => Binary(call, new Add());

    public static OnnxValue Sub(OnnxCall call) => Binary(call, new Sub());

    public static OnnxValue Mul(OnnxCall call) => Binary(call, new Mul());

    public static OnnxValue Div(OnnxCall call) => Binary(call, new Div());

    public static OnnxValue Sum(OnnxCall call)
    {
        Tensor sum = call.Tensor(0);
        if (call.InputCount == 1) return call.Finish(new Identity(), sum);
        for (int i = 1; i < call.InputCount - 1; i++) sum = call.Step($"part {i}", new Add(), sum, call.Tensor(i));
        return call.Finish(new Add(), [sum, call.Tensor(call.InputCount - 1)]);
    }

    public static OnnxValue Relu(OnnxCall call) => call.Finish(new ReLU(), call.Tensor(0));

    public static OnnxValue Clip(OnnxCall call)
    {
        float low = Bound(1, "min", float.NegativeInfinity), high = Bound(2, "max", float.PositiveInfinity);
        // Lowest and largest float are what exporters write for "no bound".
        if (low == float.MinValue) low = float.NegativeInfinity;
        if (high == float.MaxValue) high = float.PositiveInfinity;
        return call.Finish((low, high) switch { (0, 6) => new ReLU6(), (0, float.PositiveInfinity) => new ReLU(), _ => new Clip(low, high) }, call.Tensor(0));

        float Bound(int input, string attribute, float standard)
        {
            if (!call.Has(input)) return call.Float(attribute, standard);
            HostTensor bound = call.Constant(input);
            return bound.Count == 1 ? (float)bound.Values()[0] : throw call.Damaged($"a bound of {bound.Count} elements; one is needed");
        }
    }

    public static OnnxValue BatchNormalization(OnnxCall call)
    {
        if (call.Int("training_mode", 0) != 0) throw Unsupported.Because("training_mode on");
        if (call.Int("spatial", 1) == 0) throw Unsupported.Because("spatial 0 (statistics per pixel)");
        Parameter[] parameters = [call.Parameter(1), call.Parameter(2), call.Parameter(3, trained: false), call.Parameter(4, trained: false)];
        return call.Finish(new BatchNorm2d(call.Float("epsilon", 1e-5f)), call.Tensor(0), parameters);
    }

    public static OnnxValue LocalResponseNormalization(OnnxCall call)
        => call.Finish(new LocalResponseNorm(call.Int32("size", 0), call.Float("alpha", 1e-4f), call.Float("beta", 0.75f), call.Float("bias", 1)), call.Tensor(0));

    public static OnnxValue Softmax(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        int rank = x.Shape.Rank;
        if (call.Opset >= 13) return call.Finish(new Softmax(call.Axis(call.Int("axis", -1), rank)), x);
        // Until version 12 everything from the axis on was one line.
        int axis = call.Axis(call.Int("axis", 1), rank);
        if (x.Shape.Skip(axis + 1).All(d => d == 1)) return call.Finish(new Softmax(axis), x);
        Tensor lines = call.Step("lines", new Softmax(1), call.Step("flat", new Flatten(axis), x));
        return call.Finish(new Reshape(x.Shape), lines);
    }

    /// <summary>The second operand's extents as they align with the first's: before version 7 an attribute named the axis.</summary>
    public static int[] Aligned(OnnxCall call, int[] first, int[] second)
    {
        if (call.Opset >= 7 || call.Attribute("axis") is null || call.Int("broadcast", 0) == 0) return second;
        int axis = call.Axis(call.Int("axis", 0), Math.Max(1, first.Length)), behind = first.Length - axis - second.Length;
        if (behind < 0) throw call.Mismatch($"axis {axis} leaves no room for {second.Length} axes");
        return [.. second, .. Enumerable.Repeat(1, behind)];
    }

    private static OnnxValue Binary(OnnxCall call, BinaryOp op)
    {
        OnnxValue a = call.Input(0), b = call.Input(1);
        int[] aligned = Aligned(call, a.Dims, b.Dims);
        if (a.Tensor is { } x && b.Tensor is { } y)
        {
            if (!aligned.SequenceEqual(y.Shape)) y = call.Step("aligned", new Reshape(Shape.Create(aligned)), y);
            return call.Finish(op, [x, y]);
        }
        bool isFirst = a.Constant is not null;
        Tensor tensor = call.Tensor(isFirst ? 1 : 0);
        int[] dims = isFirst ? a.Dims : aligned;
        return PerChannel(call, op, tensor, isFirst ? 0 : 1, dims)
            ?? call.Finish(op with { ConstantShape = Shape.Create(dims), ConstantFirst = isFirst }, tensor, call.Parameter(isFirst ? 0 : 1, Shape.Create(dims)));
    }

    // A sum or product with one number per channel folds into the convolution before it when it is written as a batch norm.
    private static Tensor? PerChannel(OnnxCall call, BinaryOp op, Tensor x, int constant, int[] dims)
    {
        int rank = x.Shape.Rank;
        if (rank is not (2 or 4) || op is not (Graph.Ops.Add or Graph.Ops.Mul) || dims.Length > rank || dims.Length < rank - 1) return null;
        if (dims.Length == rank && dims[0] != 1) return null;
        int[] channel = dims.Length == rank ? dims[1..] : dims;
        if (channel[0] != x.Shape.C || channel.Skip(1).Any(d => d != 1)) return null;
        Parameter parameter = call.Parameter(constant, [x.Shape.C]);
        return call.Finish(ChannelAffine.Op, x, ChannelAffine.Parameters(call.Name, x.Shape.C, op is Graph.Ops.Mul ? parameter : null, op is Graph.Ops.Add ? parameter : null));
    }
}
