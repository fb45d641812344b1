namespace VkInception.Weights;

/// <summary>Reads Caffe's binary models: V1 <c>layers</c> (field 2) and current <c>layer</c> (field 100).</summary>
/// <remarks>
/// NetParameter: name 1, layers 2, layer 100. LayerParameter: name 1, type 2 (string), blobs 7. V1LayerParameter: name 4, type 5 (enum), blobs 6;
/// its field 1 is the older V0 layer, which is refused.
/// Tensors are named LAYER.weight, LAYER.bias, LAYER.blob2 and so on; those of a BatchNorm layer LAYER.mean, LAYER.variance and LAYER.scale_factor
/// (the first two are sums: divided by the third they are the statistics).
/// </remarks>
internal sealed class CaffeModelReader
{
    private const int V1Convolution = 4, V1Deconvolution = 39, V1InnerProduct = 14;
    private readonly CheckpointFile file;
    private readonly ProtobufWindow window;
    private readonly List<NamedTensor> tensors = [];
    private string network = "";
    private int layers;

    private CaffeModelReader(CheckpointFile file)
    {
        this.file = file;
        window = new ProtobufWindow(file);
    }

    /// <summary>Opens a model; the checkpoint owns the file.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>, <see cref="ErrorCode.FileRefused"/> (nested too deep, too many parts)
    /// or <see cref="ErrorCode.UnsupportedFormat"/> (V0 layers, no layers at all).</exception>
    public static Checkpoint Open(CheckpointFile file)
    {
        var model = new CaffeModelReader(file);
        model.ReadNetwork();
        return new Checkpoint(file, "caffemodel", model.tensors, model.network.Length == 0 ? null : new Dictionary<string, string> { ["network"] = model.network });
    }

    /// <summary>Whether a file is a NetParameter: by its name, or by first bytes that begin its name or its first layer.</summary>
    public static bool Matches(ReadOnlySpan<byte> head, string path)
        => path.EndsWith(".caffemodel", StringComparison.OrdinalIgnoreCase) || head is [0x0A or 0x12, > 0, ..] or [0xA2, 0x06, ..];

    private void ReadNetwork()
    {
        var reader = new ProtobufReader(window);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: network = reader.Name(); break;
                case 2: ReadLayer(reader.Message(), isV1: true); break;
                case 100: ReadLayer(reader.Message(), isV1: false); break;
            }
        }
        if (layers == 0) throw file.Unsupported("holds no layers of a Caffe model; give a trained .caffemodel.");
    }

    private void ReadLayer(ProtobufReader reader, bool isV1)
    {
        layers++;
        window.Charge();
        (int nameField, int typeField, int blobsField) = isV1 ? (4, 5, 6) : (1, 2, 7);
        string name = "", type = "";
        var blobs = new List<CaffeBlob>();
        while (reader.Next())
        {
            if (reader.Field == nameField) name = reader.Name();
            else if (reader.Field == typeField) type = isV1 ? V1Type(reader.Int32()) : reader.Name();
            else if (reader.Field == blobsField)
            {
                window.Charge();
                blobs.Add(new CaffeBlob(reader));
            }
            else if (isV1 && reader.Field == 1) throw file.Unsupported("is in Caffe's V0 layout; upgrade it with Caffe's upgrade_net_proto_binary.");
        }
        for (int i = 0; i < blobs.Count; i++) AddTensor(blobs[i], name, type, i);
    }

    private void AddTensor(CaffeBlob blob, string layer, string type, int index)
    {
        string name = $"{layer}.{Suffix(type, index)}";
        if (blob.IsEmpty) throw file.Damaged($"{name}: holds no elements; was it saved without its weights?");
        int axes = index > 0 ? 1 : type switch { "Convolution" or "Deconvolution" => 4, "InnerProduct" => 2, _ => 1 };
        tensors.Add(blob.ToTensor(file, name, axes));
    }

    private static string Suffix(string type, int index) => (type, index) switch
    {
        ("BatchNorm", 0) => "mean",
        ("BatchNorm", 1) => "variance",
        ("BatchNorm", 2) => "scale_factor",
        (_, 0) => "weight",
        (_, 1) => "bias",
        _ => $"blob{index}",
    };

    private static string V1Type(int type) => type switch
    {
        V1Convolution => "Convolution",
        V1Deconvolution => "Deconvolution",
        V1InnerProduct => "InnerProduct",
        _ => "",
    };
}
