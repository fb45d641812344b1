using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Weights;

namespace VkInception.Import;

/// <summary>The layers of Caffe that the library computes, one method each; defaults are those of caffe.proto.</summary>
internal static class CaffeLayers
{
    private static readonly Dictionary<string, Action<CaffeNode>> translations = new()
    {
        ["Convolution"] = Convolution,
        ["InnerProduct"] = InnerProduct,
        ["Pooling"] = Pooling,
        ["LRN"] = Normalization,
        ["ReLU"] = Rectifier,
        ["ReLU6"] = node => node.Finish(new ReLU6(), node.Input),
        ["Clip"] = Clip,
        ["Dropout"] = node => node.Finish(new Dropout(node.Parameters("dropout_param").Float("dropout_ratio") ?? 0.5f), node.Input),
        ["Concat"] = Concatenation,
        ["Eltwise"] = Elementwise,
        ["Softmax"] = Softmax,
        ["SoftmaxWithLoss"] = Softmax,
        ["BatchNorm"] = BatchNorm,
        ["Scale"] = Scale,
        ["Bias"] = Bias,
        ["Flatten"] = Flatten,
        ["Reshape"] = Reshape,
        ["Split"] = Split,
    };

    /// <summary>How a layer type is translated; null where the library lacks it.</summary>
    public static Action<CaffeNode>? Find(string type) => translations.GetValueOrDefault(type);

    private static void Convolution(CaffeNode node)
    {
        PrototxtMessage p = node.Parameters("convolution_param");
        Require(p.Int("axis") is null or 1, "an axis other than 1");
        node.Finish(new Conv2d(Outputs(node, p), CaffeWindows.Create(p), p.Int("group") ?? 1, p.Bool("bias_term") ?? true), node.Input);
    }

    private static void InnerProduct(CaffeNode node)
    {
        PrototxtMessage p = node.Parameters("inner_product_param");
        Require(p.Int("axis") is null or 1, "an axis other than 1");
        Require(p.Bool("transpose") is not true, "transposed weights");
        Tensor x = node.Input;
        if (x.Shape.Rank != 2) x = node.Step("flat", new Flatten(), x);
        node.Finish(new Linear(Outputs(node, p), p.Bool("bias_term") ?? true), x);
    }

    private static void Pooling(CaffeNode node)
    {
        PrototxtMessage p = node.Parameters("pooling_param");
        Tensor x = node.Input;
        string pool = p.Text("pool") ?? "MAX";
        Require(pool is "MAX" or "AVE", "a pool that is neither MAX nor AVE");
        Require(node.Layer.Tops.Count <= 1, "a second top (the mask)");
        if (p.Bool("global_pooling") == true)
        {
            node.Finish(pool == "MAX" ? new GlobalMaxPool2d() : new GlobalAvgPool2d(), x);
            return;
        }
        Window window = CaffeWindows.Create(p);
        bool ceil = p.Text("round_mode") switch { null or "CEIL" => p.Bool("ceil_mode") ?? true, _ => false };
        Tensor y = node.Finish(pool == "MAX" ? new MaxPool2d(window, ceil) : new AvgPool2d(window, ceil), x);
        Require(!ceil || (y.Shape.H, y.Shape.W) == CaffeWindows.PooledSize(x.Shape, window), "a stride over its kernel that leaves windows outside the image");
    }

    private static void Normalization(CaffeNode node)
    {
        PrototxtMessage p = node.Parameters("lrn_param");
        Require(p.Text("norm_region") is null or "ACROSS_CHANNELS", "norm_region WITHIN_CHANNEL");
        node.Finish(new LocalResponseNorm(p.Int("local_size") ?? 5, p.Float("alpha") ?? 1, p.Float("beta") ?? 0.75f, p.Float("k") ?? 1), node.Input);
    }

    private static void Clip(CaffeNode node)
    {
        PrototxtMessage p = node.Parameters("clip_param");
        Require(p.Has("min") && p.Has("max"), "no min and max");
        node.Finish(new Clip(p.Float("min")!.Value, p.Float("max")!.Value), node.Input);
    }

    private static void Rectifier(CaffeNode node)
    {
        Require(node.Parameters("relu_param").Float("negative_slope") is null or 0, "a negative_slope");
        node.Finish(new ReLU(), node.Input);
    }

    private static void Concatenation(CaffeNode node)
    {
        PrototxtMessage p = node.Parameters("concat_param");
        node.Finish(new Concat(p.Int("axis") ?? p.Int("concat_dim") ?? 1), node.Inputs);
    }

    private static void Elementwise(CaffeNode node)
    {
        PrototxtMessage p = node.Parameters("eltwise_param");
        string operation = p.Text("operation") ?? "SUM";
        Require(operation is "SUM" or "PROD", "an operation that is neither SUM nor PROD");
        Require(p.Floats("coeff").All(c => c == 1), "a coeff other than 1");
        if (node.Inputs.Count < 2 || node.Inputs.Any(i => !i.Shape.Equals(node.Inputs[0].Shape)))
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{node.Where} takes at least two bottoms of one shape, it has {string.Join(", ", node.Inputs.Select(i => i.Shape))}");
        Op op = operation == "SUM" ? new Add() : new Mul();
        Tensor sum = node.Inputs[0];
        for (int i = 1; i < node.Inputs.Count - 1; i++) sum = node.Step($"part {i}", op, sum, node.Inputs[i]);
        node.Finish(op, [sum, node.Inputs[^1]]);
    }

    private static void Softmax(CaffeNode node)
    {
        Tensor output = node.Finish(new Softmax(node.Parameters("softmax_param").Int("axis") ?? 1), node.Input);
        node.Graph.NoteSoftmax(output, node.Input);
    }

    // The file holds sums of the statistics and the factor they were weighted with.
    private static void BatchNorm(CaffeNode node)
    {
        PrototxtMessage p = node.Parameters("batch_norm_param");
        Require(p.Bool("use_global_stats") is not false, "use_global_stats false (statistics of the batch)");
        Shape channels = [node.Input.Shape.Rank > 1 ? node.Input.Shape.C : 1];
        var factor = new Parameter($"{node.Name}.scale_factor", [1]) { Trained = false };
        Parameter[] parameters = [Statistic("mean"), Statistic("variance")];
        node.Finish(new BatchNorm2d(p.Float("eps") ?? 1e-5f, Affine: false), node.Input, parameters);

        Parameter Statistic(string suffix)
        {
            var sum = new Parameter($"{node.Name}.{suffix}", channels) { Trained = false };
            return new Parameter($"{node.Name}.{suffix} / scale_factor", channels)
            {
                Sources = [sum, factor],
                Derive = read => Divide(read(sum).Span, read(factor).Span[0]),
                Trained = false,
            };
        }
    }

    private static float[] Divide(ReadOnlySpan<float> sums, float factor)
    {
        var values = new float[sums.Length];
        // A factor of 0 marks statistics that were never gathered; Caffe takes them as 0.
        float scale = factor == 0 ? 0 : 1 / factor;
        for (int i = 0; i < values.Length; i++) values[i] = sums[i] * scale;
        return values;
    }

    private static void Scale(CaffeNode node)
    {
        PrototxtMessage p = node.Parameters("scale_param");
        Require(node.Inputs.Count == 1, "a second bottom");
        Affine(node, p, "weight", p.Bool("bias_term") == true ? "bias" : null);
    }

    private static void Bias(CaffeNode node)
    {
        Require(node.Inputs.Count == 1, "a second bottom");
        Affine(node, node.Parameters("bias_param"), null, "weight");
    }

    private static void Affine(CaffeNode node, PrototxtMessage p, string? weight, string? bias)
    {
        Require(p.Int("axis") is null or 1 && p.Int("num_axes") is null or 1, "an axis other than the channels");
        int channels = node.Input.Shape.Rank > 1 ? node.Input.Shape.C : 1;
        node.Finish(ChannelAffine.Op, node.Input, ChannelAffine.Parameters(node.Name, channels, Loaded(weight), Loaded(bias)));

        Parameter? Loaded(string? suffix) => suffix is null ? null : new Parameter($"{node.Name}.{suffix}", [channels]);
    }

    private static void Flatten(CaffeNode node)
    {
        PrototxtMessage p = node.Parameters("flatten_param");
        Shape x = node.Input.Shape;
        int first = Axis(p.Int("axis") ?? 1), last = Axis(p.Int("end_axis") ?? -1);
        if (first < 0 || last >= x.Rank || first > last)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{node.Where}: axes {first} to {last} are outside {x}");
        int product = x.Skip(first).Take(last - first + 1).Aggregate(1, (all, extent) => all * extent);
        node.Finish(new Reshape(Shape.Create([.. x.Take(first), product, .. x.Skip(last + 1)])), node.Input);

        int Axis(int axis) => axis < 0 ? axis + x.Rank : axis;
    }

    private static void Reshape(CaffeNode node)
    {
        PrototxtMessage p = node.Parameters("reshape_param");
        Require(p.Int("axis") is null or 0 && p.Int("num_axes") is null or -1, "an axis or num_axes");
        long[] wanted = [.. (p.Message("shape") ?? p).Ints("dim").Select(d => (long)d)];
        node.Finish(new Reshape(ShapeArithmetic.Resolve(node.Where, node.Input.Shape, wanted, zeroCopies: true)), node.Input);
    }

    private static void Split(CaffeNode node)
    {
        node.Graph.Name(node.Name, node.Input);
        foreach (string top in node.Layer.Tops) node.Graph.Write(top, node.Input);
    }

    private static int Outputs(CaffeNode node, PrototxtMessage parameters)
        => parameters.Int("num_output") ?? throw new VkInceptionException(ErrorCode.FileDamaged, $"{node.Where} has no num_output");

    private static void Require(bool isSupported, string otherwise)
    {
        if (!isSupported) throw Unsupported.Because(otherwise);
    }
}
