using VkInception.Graph.Training.Initializers;

namespace VkInception.Graph.Models;

/// <summary>The networks that the library builds by name.</summary>
public static class ModelZoo
{
    /// <summary>All cards, in the order in which they are listed.</summary>
    public static IReadOnlyList<ModelCard> All { get; } =
    [
        new("googlenet", "GoogLeNet as BVLC released it: LRN, ceil pooling, auxiliary heads", "Going Deeper with Convolutions, arXiv 1409.4842", 2014,
            ImageInput.Bvlc, "68.7 / 88.9 claimed by BVLC; 67.8 / 88.3 re-measured",
            "bvlc_googlenet.caffemodel of Caffe's model zoo, 53,533,754 bytes, sha1 405fc5acd08a3bb12de8ee5e23a96bec22f08204",
            ["loss1/", "loss2/"], GoogLeNet.Build) { Initializer = new BvlcInitializer() },
        new("googlenet-torchvision", "GoogLeNet as torchvision builds it: batch norm, 3×3 for 5×5", "Going Deeper with Convolutions, arXiv 1409.4842", 2014,
            ImageInput.Torchvision, "69.778 / 89.530",
            "googlenet-1378be20.pth of torchvision; auxiliary heads are in the file but untrained; trained with transform_input, so classify with --mean 0.5,0.5,0.5 --std 0.5,0.5,0.5",
            ["aux1.", "aux2."], GoogLeNetTorchvision.Build)
        {
            // torchvision's own (truncated normal, 0.01) leaves the heads' linear layers, which no norm follows, with next to no signal.
            Initializer = new HeInitializer(),
        },
    ];

    /// <summary>A card by name.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnknownModel"/>, with the closest names.</exception>
    public static ModelCard Find(string name)
        => All.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new VkInceptionException(ErrorCode.UnknownModel, $"no network \"{name}\": take one of {string.Join(", ", Closest.To(name, All.Select(c => c.Name), 5))}, an .onnx file or a Caffe .prototxt");
}
