using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Weights;

namespace VkInception.Import;

/// <summary>A network while it is made of a Caffe definition: which tensor each blob is by now, and which blobs nothing has read.</summary>
internal sealed class CaffeGraph(PrototxtDocument document, string name)
{
    private readonly NetworkBuilder builder = new(name);
    private readonly UnsupportedNodes unsupported = new(document.Source, "layer");
    private readonly Dictionary<string, Tensor?> blobs = [];
    private readonly HashSet<string> labels = [];
    private readonly Dictionary<string, int> unread = [];
    private readonly Dictionary<Tensor, Tensor> softmaxInputs = [];
    private int writes;

    /// <summary>A blob that the caller feeds.</summary>
    public void AddInput(string blob, Shape shape)
    {
        if (blobs.ContainsKey(blob)) throw document.Root.Error(ErrorCode.FileDamaged, $"two inputs are named '{blob}'");
        blobs[blob] = builder.Input(blob, shape);
    }

    /// <summary>A blob of labels, which only losses and accuracies read.</summary>
    public void AddLabel(string blob) => labels.Add(blob);

    /// <summary>Adds a layer; one that cannot be translated is noted, and so is what else cannot be further down.</summary>
    public void Translate(CaffeLayer layer)
    {
        if (layer.Type is "Accuracy" or "Silence")
        {
            // They compute nothing that inference wants, but what they read is not an output.
            foreach (string blob in layer.Bottoms) unread.Remove(blob);
            return;
        }
        Tensor?[] inputs = [.. layer.Bottoms.Where(b => !labels.Contains(b)).Select(b => Read(layer, b))];
        try
        {
            Action<CaffeNode>? translate = CaffeLayers.Find(layer.Type);
            if (translate is null) unsupported.Add(layer.Type, layer.Name);
            else if (!inputs.Contains(null)) translate(new CaffeNode(this, layer, [.. inputs.Select(i => i!)]));
        }
        catch (VkInceptionException e) when (e.Code == ErrorCode.UnsupportedOperator)
        {
            unsupported.Add($"{layer.Type} with {e.Message}", layer.Name);
        }
        // Blobs behind an unsupported layer are unknown; layers that read them are looked at for their type only.
        foreach (string top in layer.Tops) blobs.TryAdd(top, null);
    }

    /// <summary>Adds a node; its first output is called by the node's name.</summary>
    public Tensor Emit(string node, Op op, IReadOnlyList<Tensor> inputs, IReadOnlyList<Parameter>? parameters = null)
    {
        Tensor output = builder.Add(node, op, inputs, parameters).Output;
        // A softmax that is only reshaped is still one.
        if (op is ViewOp && softmaxInputs.TryGetValue(inputs[0], out Tensor? logits)) NoteSoftmax(output, logits);
        return output;
    }

    /// <summary>Lets a top blob be this tensor from here on.</summary>
    public void Write(string blob, Tensor tensor)
    {
        blobs[blob] = tensor;
        builder.Alias(blob, tensor);
        unread[blob] = writes++;
    }

    /// <summary>Gives a tensor a layer's name.</summary>
    public void Name(string layer, Tensor tensor) => builder.Alias(layer, tensor);

    /// <summary>Notes the logits of a softmax.</summary>
    public void NoteSoftmax(Tensor output, Tensor input) => softmaxInputs[output] = input;

    /// <summary>The network: the last head's logits, then whatever else nothing reads, logits before their softmax.</summary>
    public Network Build()
    {
        unsupported.ThrowIfAny();
        Tensor[] ends = [.. unread.OrderBy(b => b.Value).Select(b => blobs[b.Key]!)];
        if (ends.Length == 0) throw document.Root.Error(ErrorCode.FileDamaged, "the network has no layer that computes anything");
        IEnumerable<Tensor> heads = ends.Reverse().Take(1).Concat(ends.SkipLast(1));
        Tensor[] outputs = [.. heads.SelectMany(t => softmaxInputs.TryGetValue(t, out Tensor? logits) ? [logits, t] : new[] { t }).Distinct()];
        return builder.Build(outputs);
    }

    private Tensor? Read(CaffeLayer layer, string blob)
    {
        if (!blobs.TryGetValue(blob, out Tensor? tensor))
            throw layer.Message.Error(ErrorCode.FileDamaged, $"layer '{layer.Name}' reads the blob '{blob}', which no layer before it makes");
        unread.Remove(blob);
        return tensor;
    }
}
