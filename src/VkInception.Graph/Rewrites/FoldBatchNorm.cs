using VkInception.Graph.Ops;

namespace VkInception.Graph.Rewrites;

/// <summary>Batch norm with fixed statistics is a scale and a shift per channel: both go into the convolution or linear layer before it.</summary>
/// <remarks>w' = w·γ/√(σ²+ε), b' = β + (b − μ)·γ/√(σ²+ε), in double precision.</remarks>
internal static class FoldBatchNorm
{
    public static Network Apply(Network network)
    {
        var consumers = new Consumers(network);
        var nodes = new List<Node>();
        foreach (Node node in network.Nodes)
        {
            Node? before = node.Op is BatchNorm2d ? consumers.SoleProducer(node.Inputs[0]) : null;
            // By the tensor, not the name: the producer may itself have been folded into a convolution.
            int at = before is null ? -1 : nodes.FindLastIndex(n => n.Outputs.Contains(node.Inputs[0]));
            Node? folded = at < 0 ? null : Folded(nodes[at], node);
            if (folded is null) nodes.Add(node);
            else nodes[at] = folded;
        }
        return new Network(network.Name, network.Inputs, [.. nodes], network.Outputs, network.Aliases);
    }

    private static Node? Folded(Node layer, Node norm)
    {
        OutputRange range = ((BatchNorm2d)norm.Op).Range;
        Op? op = layer.Op switch
        {
            Conv2d { Range.IsAll: true } conv => conv with { Bias = true, Range = range },
            Linear { Range.IsAll: true } linear => linear with { Bias = true, Range = range },
            _ => null,
        };
        if (op is null) return null;
        Parameter weight = layer.Parameters[0];
        Parameter? bias = layer.Parameters.Length > 1 ? layer.Parameters[1] : null;
        var scaled = new Parameter($"{weight.Name} × {norm.Name}", weight.Shape, weight.Layout)
        {
            Sources = [weight, .. norm.Parameters],
            Derive = read => Scale(read(weight).Span, ScaleAndShift(norm, read).Scale),
        };
        var shifted = new Parameter($"{layer.Name} bias with {norm.Name}", [weight.Shape[0]])
        {
            Sources = bias is null ? norm.Parameters : [bias, .. norm.Parameters],
            Derive = read => Shift(bias is null ? default : read(bias).Span, ScaleAndShift(norm, read)),
        };
        return layer with { Op = op, Outputs = norm.Outputs, Parameters = [scaled, shifted] };
    }

    /// <summary>What running statistics, weight and bias come to per channel.</summary>
    public static (double[] Scale, double[] Shift) ScaleAndShift(Node norm, ParameterReader read)
    {
        var op = (BatchNorm2d)norm.Op;
        ReadOnlySpan<float> mean = read(norm.Parameters[^2]).Span, variance = read(norm.Parameters[^1]).Span;
        ReadOnlySpan<float> gamma = op.Affine ? read(norm.Parameters[0]).Span : default, beta = op.Affine ? read(norm.Parameters[1]).Span : default;
        var scale = new double[mean.Length];
        var shift = new double[mean.Length];
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] = (op.Affine ? gamma[c] : 1) / Math.Sqrt(variance[c] + (double)op.Epsilon);
            shift[c] = (op.Affine ? beta[c] : 0) - mean[c] * scale[c];
        }
        return (scale, shift);
    }

    private static float[] Scale(ReadOnlySpan<float> weight, double[] scale)
    {
        var scaled = new float[weight.Length];
        int perOutput = weight.Length / scale.Length;
        for (int i = 0; i < scaled.Length; i++) scaled[i] = (float)(weight[i] * scale[i / perOutput]);
        return scaled;
    }

    private static float[] Shift(ReadOnlySpan<float> bias, (double[] Scale, double[] Shift) norm)
    {
        var shifted = new float[norm.Scale.Length];
        for (int c = 0; c < shifted.Length; c++) shifted[c] = (float)(norm.Shift[c] + (bias.IsEmpty ? 0 : bias[c] * norm.Scale[c]));
        return shifted;
    }
}
