using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Import;

/// <summary>ONNX's convolutions, matrix products and pooling.</summary>
internal static class OnnxLayers
{
    public static OnnxValue Conv(OnnxCall call)
    {
        Tensor x = Image(call);
        int[] filter = call.Constant(1).Dims;
        if (filter.Length != 4) throw call.Mismatch($"weights of {string.Join('×', filter)}; O×I×H×W is needed");
        if (call.Ints("kernel_shape") is { Count: > 0 } kernel && !kernel.SequenceEqual([filter[2], filter[3]])) throw call.Mismatch($"kernel_shape {string.Join('×', kernel)} for weights of {string.Join('×', filter)}");
        Window window = WindowOf(call, x.Shape, filter[2], filter[3]);
        bool hasBias = call.Has(2);
        Parameter weight = call.Parameter(1, ParameterLayout.Filter);
        return call.Finish(new Conv2d(filter[0], window, call.Int32("group", 1), hasBias), x, hasBias ? [weight, call.Parameter(2)] : [weight]);
    }

    public static OnnxValue MaxPool(OnnxCall call)
    {
        Tensor x = Image(call);
        (int kernelH, int kernelW) = Kernel(call);
        return call.Finish(new MaxPool2d(WindowOf(call, x.Shape, kernelH, kernelW), call.Int("ceil_mode", 0) != 0), x);
    }

    public static OnnxValue AveragePool(OnnxCall call)
    {
        Tensor x = Image(call);
        (int kernelH, int kernelW) = Kernel(call);
        return call.Finish(new AvgPool2d(WindowOf(call, x.Shape, kernelH, kernelW), call.Int("ceil_mode", 0) != 0, call.Int("count_include_pad", 0) != 0), x);
    }

    public static OnnxValue GlobalAveragePool(OnnxCall call) => call.Finish(new GlobalAvgPool2d(), Image(call));

    public static OnnxValue GlobalMaxPool(OnnxCall call) => call.Finish(new GlobalMaxPool2d(), Image(call));

    public static OnnxValue ReduceMean(OnnxCall call) => Reduce(call, new GlobalAvgPool2d());

    public static OnnxValue ReduceMax(OnnxCall call) => Reduce(call, new GlobalMaxPool2d());

    public static OnnxValue Gemm(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        if (x.Shape.Rank != 2) throw call.Mismatch($"a first input of {x.Shape}; a matrix is needed");
        if (call.Int("transA", 0) != 0) x = call.Step("transposed", new Transpose([1, 0]), x);
        float alpha = call.Float("alpha", 1), beta = call.Float("beta", 1);
        Parameter weight = Matrix(call, call.Int("transB", 0) != 0, alpha);
        int outputs = weight.Shape[0];
        if (!call.Has(2) || beta == 0) return call.Finish(new Linear(outputs, Bias: false), x, weight);
        if (call.Input(2).Tensor is { } added)
        {
            if (beta != 1) throw Unsupported.Because("a computed addend with a beta other than 1");
            return call.Finish(new Add(), [call.Step("product", new Linear(outputs, Bias: false), x, weight), added]);
        }
        int[] dims = call.Constant(2).Dims;
        bool isScalar = dims.All(d => d == 1), isRow = dims.Length > 0 && dims[^1] == outputs && dims.SkipLast(1).All(d => d == 1);
        if (isRow) return call.Finish(new Linear(outputs), x, weight, Scaled(call, call.Parameter(2, [outputs]), beta));
        Tensor product = call.Step("product", new Linear(outputs, Bias: false), x, weight);
        Shape constant = isScalar ? [1] : Shape.Create(dims);
        return call.Finish(new Add { ConstantShape = constant }, product, Scaled(call, call.Parameter(2, constant), beta));
    }

    public static OnnxValue MatMul(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        Parameter weight = Matrix(call, isTransposed: false, 1);
        var op = new Linear(weight.Shape[0], Bias: false);
        if (x.Shape.Rank == 2) return call.Finish(op, x, weight);
        if (x.Shape.Rank < 2) throw Unsupported.Because("a vector as input");
        Tensor rows = call.Step("rows", new Reshape([(int)(x.Shape.Count / x.Shape[-1]), x.Shape[-1]]), x);
        return call.Finish(new Reshape(x.Shape.With(x.Shape.Rank - 1, weight.Shape[0])), call.Step("product", op, rows, weight));
    }

    // The constant second factor as O×I, whichever way it lies in the file.
    private static Parameter Matrix(OnnxCall call, bool isTransposed, float factor)
    {
        if (call.Constant(1).Dims.Length != 2) throw Unsupported.Because("weights that are no matrix");
        string name = call.Node.Inputs[1];
        if (!isTransposed) return DerivedParameters.Transposed($"{name} (transposed)", call.Parameter(1), factor);
        return Scaled(call, call.Parameter(1, ParameterLayout.Filter), factor);
    }

    private static Parameter Scaled(OnnxCall call, Parameter parameter, float factor)
        => factor == 1 ? parameter : DerivedParameters.Map($"{parameter.Name} (scaled for {call.Name})", parameter, v => v * factor);

    private static OnnxValue Reduce(OnnxCall call, Op whole)
    {
        Tensor x = call.Tensor(0);
        int rank = x.Shape.Rank;
        IEnumerable<int> axes = (call.Axes(1) ?? []).Select(a => call.Axis(a, rank)).Order();
        if (rank != 4 || !axes.SequenceEqual([2, 3])) throw Unsupported.Because("axes other than height and width");
        if (call.Int("keepdims", 1) != 0) return call.Finish(whole, x);
        return call.Finish(new Reshape([x.Shape.N, x.Shape.C]), call.Step("image", whole, x));
    }

    private static Tensor Image(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        return x.Shape.Rank == 4 ? x : throw Unsupported.Because($"{x.Shape.Rank} axes (only images N×C×H×W)");
    }

    private static (int H, int W) Kernel(OnnxCall call) => Pair(call, "kernel_shape", null);

    private static Window WindowOf(OnnxCall call, Shape image, int kernelH, int kernelW)
    {
        (int strideH, int strideW) = Pair(call, "strides", 1);
        (int dilationH, int dilationW) = Pair(call, "dilations", 1);
        if (strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1 || kernelH < 1 || kernelW < 1) throw call.Damaged("a kernel, stride or dilation under 1");
        string auto = call.Text("auto_pad", "NOTSET");
        if (auto is "SAME_UPPER" or "SAME_LOWER")
        {
            (int top, int bottom) = Same(image.H, kernelH, strideH, dilationH, auto);
            (int left, int right) = Same(image.W, kernelW, strideW, dilationW, auto);
            return new Window(kernelH, kernelW, strideH, strideW, top, left, bottom, right, dilationH, dilationW);
        }
        if (auto is not ("NOTSET" or "VALID" or "")) throw call.Damaged("an unknown auto_pad");
        IReadOnlyList<long> pads = auto == "VALID" ? [0, 0, 0, 0] : call.Ints("pads") is { Count: > 0 } given ? given : [0, 0, 0, 0];
        if (pads.Count != 4) throw call.Damaged($"{pads.Count} pads; an image has 4");
        return new Window(kernelH, kernelW, strideH, strideW, call.Narrow(pads[0]), call.Narrow(pads[1]), call.Narrow(pads[2]), call.Narrow(pads[3]), dilationH, dilationW);
    }

    // As many outputs as strides fit into the input; an odd pad goes to the end (UPPER) or the beginning (LOWER).
    private static (int Begin, int End) Same(int extent, int kernel, int stride, int dilation, string auto)
    {
        long outputs = (extent + (long)stride - 1) / stride;
        long pads = Math.Max(0, (outputs - 1) * stride + (kernel - 1L) * dilation + 1 - extent);
        int less = (int)Math.Min(pads / 2, int.MaxValue), more = (int)Math.Min(pads - pads / 2, int.MaxValue);
        return auto == "SAME_UPPER" ? (less, more) : (more, less);
    }

    private static (int H, int W) Pair(OnnxCall call, string attribute, int? standard)
    {
        if (call.Ints(attribute) is not { Count: > 0 } given) return standard is { } s ? (s, s) : throw call.Damaged($"has no {attribute}");
        if (given.Count != 2) throw call.Damaged($"{given.Count} values of {attribute}; an image has 2");
        return (call.Narrow(given[0]), call.Narrow(given[1]));
    }
}
