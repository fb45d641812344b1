using VkInception.Weights;

namespace VkInception.Import;

/// <summary>A layer of a Caffe definition, V1 or current, under its current type name.</summary>
internal sealed class CaffeLayer
{
    private const int MostBlobs = 4096;

    private static readonly Dictionary<string, string> v1Types = new()
    {
        ["ABSVAL"] = "AbsVal",
        ["ACCURACY"] = "Accuracy",
        ["ARGMAX"] = "ArgMax",
        ["BNLL"] = "BNLL",
        ["CONCAT"] = "Concat",
        ["CONTRASTIVE_LOSS"] = "ContrastiveLoss",
        ["CONVOLUTION"] = "Convolution",
        ["DATA"] = "Data",
        ["DECONVOLUTION"] = "Deconvolution",
        ["DROPOUT"] = "Dropout",
        ["DUMMY_DATA"] = "DummyData",
        ["ELTWISE"] = "Eltwise",
        ["EUCLIDEAN_LOSS"] = "EuclideanLoss",
        ["EXP"] = "Exp",
        ["FLATTEN"] = "Flatten",
        ["HDF5_DATA"] = "HDF5Data",
        ["HDF5_OUTPUT"] = "HDF5Output",
        ["HINGE_LOSS"] = "HingeLoss",
        ["IM2COL"] = "Im2col",
        ["IMAGE_DATA"] = "ImageData",
        ["INFOGAIN_LOSS"] = "InfogainLoss",
        ["INNER_PRODUCT"] = "InnerProduct",
        ["LRN"] = "LRN",
        ["MEMORY_DATA"] = "MemoryData",
        ["MULTINOMIAL_LOGISTIC_LOSS"] = "MultinomialLogisticLoss",
        ["MVN"] = "MVN",
        ["POOLING"] = "Pooling",
        ["POWER"] = "Power",
        ["RELU"] = "ReLU",
        ["SIGMOID"] = "Sigmoid",
        ["SIGMOID_CROSS_ENTROPY_LOSS"] = "SigmoidCrossEntropyLoss",
        ["SILENCE"] = "Silence",
        ["SLICE"] = "Slice",
        ["SOFTMAX"] = "Softmax",
        ["SOFTMAX_LOSS"] = "SoftmaxWithLoss",
        ["SPLIT"] = "Split",
        ["TANH"] = "TanH",
        ["THRESHOLD"] = "Threshold",
        ["WINDOW_DATA"] = "WindowData",
    };

    private static readonly PrototxtMessage empty = PrototxtDocument.Parse("").Root;

    private CaffeLayer(PrototxtMessage message, bool isV1)
    {
        Message = message;
        Tops = message.Texts("top");
        Bottoms = message.Texts("bottom");
        string name = message.Text("name") ?? "";
        Name = name.Length > 0 ? name : Tops.Count > 0 ? Tops[0] : "";
        string type = message.Text("type") ?? throw message.Error(ErrorCode.FileDamaged, IsName(Name) ? $"layer '{Name}' has no type" : "a layer has no type");
        Type = isV1 ? v1Types.GetValueOrDefault(type, type) : type;
        if (Tops.Count + Bottoms.Count > MostBlobs) throw message.Error(ErrorCode.FileDamaged, $"a layer with {Tops.Count + Bottoms.Count} blobs; at most {MostBlobs} are read");
        if (!Tops.Concat(Bottoms).Append(Name).Append(Type).All(IsName))
            throw message.Error(ErrorCode.FileDamaged, "the name or type of a layer or blob is empty, longer than 1024, or has control characters");
    }

    public string Name { get; }

    public string Type { get; }

    public IReadOnlyList<string> Bottoms { get; }

    public IReadOnlyList<string> Tops { get; }

    public PrototxtMessage Message { get; }

    /// <summary>The layers that run in inference: phase TEST, level 0, no stages.</summary>
    public static IEnumerable<CaffeLayer> ForInference(PrototxtMessage network)
    {
        PrototxtMessage[] v1 = [.. network.Messages("layers")], current = [.. network.Messages("layer")];
        if (v1.Length > 0 && current.Length > 0) throw network.Error(ErrorCode.FileDamaged, "both 'layers' and 'layer' stand in one network; upgrade the old ones");
        return v1.Concat(current).Where(RunsInInference).Select(m => new CaffeLayer(m, v1.Length > 0));
    }

    /// <summary>The layer's own parameters (<c>convolution_param</c>), empty where it has none.</summary>
    public PrototxtMessage Parameters(string name) => Message.Message(name) ?? empty;

    // Names end up in messages of one line.
    private static bool IsName(string text) => text.Length is > 0 and <= 1024 && !text.Any(char.IsControl);

    private static bool RunsInInference(PrototxtMessage layer)
    {
        PrototxtMessage[] include = [.. layer.Messages("include")];
        return (include.Length == 0 || include.Any(Holds)) && !layer.Messages("exclude").Any(Holds);
    }

    private static bool Holds(PrototxtMessage rule)
        => (rule.Text("phase") ?? "TEST") == "TEST" && (rule.Int("min_level") ?? 0) <= 0 && (rule.Int("max_level") ?? 0) >= 0 && !rule.Has("stage");
}
