using System.Globalization;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Weights;

namespace VkInception.Import.Names;

/// <summary>The Caffe releases of VGG (<c>conv1_1</c>, <c>fc6</c>) and SqueezeNet (<c>fire2/squeeze1x1</c>) for torchvision's definitions of them; the layers correspond in order.</summary>
internal sealed class CaffeNames : NameMap
{
    private static bool IsVgg(string model) => model.StartsWith("vgg", StringComparison.Ordinal) && !model.EndsWith("_bn", StringComparison.Ordinal);

    private static bool IsSqueezeNet(string model) => model.StartsWith("squeezenet", StringComparison.Ordinal);

    protected override bool Applies(string model, Checkpoint checkpoint)
        => (IsVgg(model) && checkpoint.TryGet("conv1_1.weight", out _)) || (IsSqueezeNet(model) && checkpoint.TryGet("fire2/squeeze1x1.weight", out _));

    protected override IEnumerable<NamedTensor> Translate(Checkpoint checkpoint, string model, Network network, ICollection<string> notes)
    {
        Dictionary<string, string> layers = IsVgg(model) ? Vgg(network) : SqueezeNet(network);
        notes.Add("Caffe's names are torchvision's here; these weights take BGR less the mean of the levels 0 to 255, not torchvision's input");
        if (IsSqueezeNet(model)) notes.Add("Caffe's 1.0 pads conv10 by one pixel and this network does not: the prototxt gives its exact logits");
        foreach (NamedTensor tensor in checkpoint.Tensors)
        {
            int point = tensor.Name.LastIndexOf('.');
            bool known = layers.TryGetValue(tensor.Name[..Math.Max(point, 0)], out string? layer);
            NamedTensor named = known ? tensor.WithName(layer + tensor.Name[point..]) : tensor;
            yield return known && network.Parameters.FirstOrDefault(p => p.Name == named.Name) is { } wanted ? Fitted(named, wanted) : named;
        }
    }

    /// <summary>Legacy files have matrices and biases with leading axes of 1.</summary>
    private static NamedTensor Fitted(NamedTensor tensor, Parameter wanted)
        => tensor.Count == wanted.Shape.Count && tensor.Shape.Where(d => d != 1).SequenceEqual(wanted.Shape.Dims.Where(d => d != 1)) ? tensor.WithShape(wanted.Shape.Dims) : tensor;

    /// <summary>Convolutions are numbered by stage, a pool ends one; linear layers go on from 6.</summary>
    private static Dictionary<string, string> Vgg(Network network)
    {
        var layers = new Dictionary<string, string>();
        int stage = 1, number = 1, linear = 6;
        foreach (Node node in network.Nodes)
        {
            switch (node.Op)
            {
                case Conv2d: layers.Add(string.Create(CultureInfo.InvariantCulture, $"conv{stage}_{number++}"), node.Name); break;
                case MaxPool2d: (stage, number) = (stage + 1, 1); break;
                case Linear: layers.Add(string.Create(CultureInfo.InvariantCulture, $"fc{linear++}"), node.Name); break;
                default: break;
            }
        }
        return layers;
    }

    private static Dictionary<string, string> SqueezeNet(Network network)
    {
        var layers = new Dictionary<string, string> { ["conv1"] = "features.0", ["conv10"] = "classifier.1" };
        int fire = 2;
        foreach (Node squeeze in network.Nodes.Where(n => n.Name.EndsWith(".squeeze", StringComparison.Ordinal)))
        {
            string from = string.Create(CultureInfo.InvariantCulture, $"fire{fire++}/"), to = squeeze.Name[..^"squeeze".Length];
            layers.Add(from + "squeeze1x1", to + "squeeze");
            layers.Add(from + "expand1x1", to + "expand1x1");
            layers.Add(from + "expand3x3", to + "expand3x3");
        }
        return layers;
    }
}
