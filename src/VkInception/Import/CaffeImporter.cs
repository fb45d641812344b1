using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import;

/// <summary>Makes a network of a Caffe definition (<c>.prototxt</c>), V1 or current, as it runs in inference (phase TEST).</summary>
/// <remarks>
/// Parameters are keyed as <see cref="Checkpoint"/> names a <c>.caffemodel</c>'s blobs: <c>LAYER.weight</c>, <c>LAYER.bias</c>; a BatchNorm layer's
/// <c>LAYER.mean</c>, <c>LAYER.variance</c>, <c>LAYER.scale_factor</c>. A blob's name means its last writer: what a convolution's blob holds after its
/// in-place ReLU. Pooling rounds up as Caffe does.
/// </remarks>
public static class CaffeImporter
{
    /// <summary>Imports a definition.</summary>
    /// <param name="document">The definition.</param>
    /// <param name="batch">Images per run, in place of the declared number.</param>
    /// <param name="height">Height of rank-4 inputs; 0 takes the declared one.</param>
    /// <param name="width">Width of rank-4 inputs; 0 takes the declared one.</param>
    /// <returns>The network; its first output is the logits (the input of the last softmax), then come the other blobs that nothing reads.</returns>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnsupportedOperator"/> naming every unsupported layer at once;
    /// <see cref="ErrorCode.FileDamaged"/>, <see cref="ErrorCode.UnsupportedFormat"/> or <see cref="ErrorCode.ShapeMismatch"/> naming the layer.</exception>
    public static Network Import(PrototxtDocument document, int batch, int height = 0, int width = 0)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (batch < 1) throw new VkInceptionException(ErrorCode.InvalidArgument, $"batch {batch}: at least 1 is needed");
        string? name = document.Root.Text("name");
        var graph = new CaffeGraph(document, string.IsNullOrWhiteSpace(name) || name.Length > 1024 || name.Any(char.IsControl) ? Path.GetFileName(document.Source) : name);
        if (document.Root.Texts("input").Any(i => i.Length == 0 || i.Any(char.IsControl))) throw document.Root.Error(ErrorCode.FileDamaged, "an input has an empty name, or one with control characters");
        foreach ((string input, int[] dims) in CaffeInputs.AtTop(document.Root)) graph.AddInput(input, Resize(document, input, dims, batch, height, width));
        foreach (CaffeLayer layer in CaffeLayer.ForInference(document.Root))
        {
            if (CaffeInputs.IsInput(layer.Type)) AddInputs(document, graph, layer, batch, height, width);
            else graph.Translate(layer);
        }
        return graph.Build();
    }

    private static void AddInputs(PrototxtDocument document, CaffeGraph graph, CaffeLayer layer, int batch, int height, int width)
    {
        for (int top = 0; top < layer.Tops.Count; top++)
        {
            if (CaffeInputs.Dims(layer, top) is { } dims) graph.AddInput(layer.Tops[top], Resize(document, layer.Tops[top], dims, batch, height, width));
            else graph.AddLabel(layer.Tops[top]);
        }
    }

    private static Shape Resize(PrototxtDocument document, string input, int[] dims, int batch, int height, int width)
    {
        if (dims.Length is 0 or > ShapeArithmetic.MostAxes)
            throw document.Root.Error(ErrorCode.ShapeMismatch, $"input '{input}' has {dims.Length} dimensions; 1 to {ShapeArithmetic.MostAxes} are supported");
        int[] resized = [.. dims];
        resized[0] = batch;
        if (dims.Length == 4 && height > 0) resized[2] = height;
        if (dims.Length == 4 && width > 0) resized[3] = width;
        if (resized.Any(d => d < 1) || resized.Aggregate(1.0, (all, d) => all * d) > int.MaxValue)
            throw document.Root.Error(ErrorCode.ShapeMismatch, $"input '{input}' has the shape {string.Join('×', resized)}; extents are at least 1, and at most 2^31 elements in all");
        return Shape.Create(resized);
    }
}
