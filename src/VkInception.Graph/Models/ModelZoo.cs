namespace VkInception.Graph.Models;

/// <summary>The networks that the library builds by name.</summary>
public static class ModelZoo
{
    /// <summary>All cards, in the order in which they are listed: GoogLeNet and its kin, then the others as they were published.</summary>
    public static IReadOnlyList<ModelCard> All { get; } =
    [
        GoogLeNet.Card,
        GoogLeNetTorchvision.Card,
        GoogLeNetNaive.Card,
        InceptionV2.Card,
        InceptionV3.Card,
        InceptionV4.Card,
        LeNet5.Card,
        AlexNet.Card,
        AlexNetBvlc.Card,
        NetworkInNetwork.Card,
        .. Vgg.Cards,
        .. ResNet.Cards,
        .. ResNetCifar.Cards,
        .. SqueezeNet.Cards,
        .. DenseNet.Cards,
    ];

    /// <summary>A card by name.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnknownModel"/>, with the closest names.</exception>
    public static ModelCard Find(string name)
        => All.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new VkInceptionException(ErrorCode.UnknownModel, $"no network \"{name}\": take one of {string.Join(", ", Closest.To(name, All.Select(c => c.Name), 5))}, an .onnx file or a Caffe .prototxt");
}
