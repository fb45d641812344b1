using VkInception.Graph.Ops;
using VkInception.Graph.Training.Initializers;

namespace VkInception.Graph.Models;

/// <summary>GoogLeNet as torchvision builds it: batch norm in place of LRN, 3×3 in place of 5×5, a 2×2 fourth pool.</summary>
/// <remarks>
/// Input N 3 H W, RGB. Node names are the modules' paths, so parameters carry the state_dict's keys.
/// Outputs: logits (<c>fc</c>), and the auxiliary heads' <c>aux1.fc2</c>, <c>aux2.fc2</c>.
/// The released weights were trained with <c>transform_input</c>, which amounts to mean 0.5 and deviation 0.5 in place of ImageNet's;
/// the graph leaves it to the preprocessing, as torchvision's constructor does by default.
/// </remarks>
public static class GoogLeNetTorchvision
{
    internal static ModelCard Card { get; } = new(
        "googlenet-torchvision", "GoogLeNet as torchvision builds it: batch norm, 3×3 for 5×5", "Going Deeper with Convolutions, arXiv 1409.4842", 2014,
        ImageInput.Torchvision, "69.778 / 89.530",
        "googlenet-1378be20.pth of torchvision; auxiliary heads are in the file but untrained; trained with transform_input, so classify with --mean 0.5,0.5,0.5 --std 0.5,0.5,0.5",
        ["aux1.", "aux2."], Build)
    {
        Parameters = 6_624_904,
        MultiplyAdds = 1_498_376_192,
        Top1 = 69.778,
        Top5 = 89.530,
        // torchvision's own (truncated normal, 0.01) leaves the heads' linear layers, which no norm follows, with next to no signal.
        Initializer = new HeInitializer(),
    };

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (224), classes.</param>
    public static Network Build(ModelOptions options)
    {
        var net = new NetworkBuilder("googlenet-torchvision");
        Tensor x = net.Input("input", options.InputShape(3, 224));
        x = Conv(net, "conv1", x, 64, 7, stride: 2, padding: 3);
        x = Pool(net, "maxpool1", x, 3);
        x = Conv(net, "conv2", x, 64, 1);
        x = Conv(net, "conv3", x, 192, 3, padding: 1);
        x = Pool(net, "maxpool2", x, 3);
        x = Inception(net, "3a", x);
        x = Inception(net, "3b", x);
        x = Pool(net, "maxpool3", x, 3);
        x = Inception(net, "4a", x);
        Tensor aux1 = AuxiliaryHead(net, "aux1", x, options.ClassesOr(1000));
        x = Inception(net, "4b", x);
        x = Inception(net, "4c", x);
        x = Inception(net, "4d", x);
        Tensor aux2 = AuxiliaryHead(net, "aux2", x, options.ClassesOr(1000));
        x = Inception(net, "4e", x);
        x = Pool(net, "maxpool4", x, 2);
        x = Inception(net, "5a", x);
        x = Inception(net, "5b", x);
        x = net.Add("avgpool", new GlobalAvgPool2d(), x);
        x = net.Add("flatten", new Flatten(), x);
        x = net.Add("dropout", new Dropout(0.2f), x);
        x = net.Add("fc", new Linear(options.ClassesOr(1000)), x);
        net.Alias("logits", x);
        return net.Build(x, aux1, aux2);
    }

    /// <summary>The third branch keeps the paper's 5×5 widths but convolves 3×3, as torchvision's does.</summary>
    private static Tensor Inception(NetworkBuilder net, string name, Tensor x)
    {
        InceptionWidths w = InceptionWidths.Table[name];
        string p = $"inception{name}.";
        Tensor b1 = Conv(net, p + "branch1", x, w.C1, 1);
        Tensor b2 = Conv(net, p + "branch2.1", Conv(net, p + "branch2.0", x, w.Reduce3, 1), w.C3, 3, padding: 1);
        Tensor b3 = Conv(net, p + "branch3.1", Conv(net, p + "branch3.0", x, w.Reduce5, 1), w.C5, 3, padding: 1);
        Tensor pooled = net.Add(p + "branch4.0", new MaxPool2d(Window.Square(3, stride: 1, padding: 1), CeilMode: true), x);
        Tensor b4 = Conv(net, p + "branch4.1", pooled, w.PoolProjection, 1);
        return net.Add($"inception{name}", new Concat(), b1, b2, b3, b4);
    }

    private static Tensor AuxiliaryHead(NetworkBuilder net, string name, Tensor x, int classes)
    {
        Tensor y = net.Add(name + ".pool", new AdaptiveAvgPool2d(4, 4), x);
        y = Conv(net, name + ".conv", y, 128, 1);
        y = net.Add(name + ".flatten", new Flatten(), y);
        y = net.Add(name + ".fc1", new Linear(1024) { Range = OutputRange.ReLU }, y);
        y = net.Add(name + ".dropout", new Dropout(0.7f), y);
        return net.Add(name + ".fc2", new Linear(classes), y);
    }

    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels, int kernel, int stride = 1, int padding = 0)
        => BasicConv2d.Add(net, name, x, channels, Window.Square(kernel, stride, padding));

    private static Tensor Pool(NetworkBuilder net, string name, Tensor x, int kernel)
        => net.Add(name, new MaxPool2d(Window.Square(kernel, stride: 2), CeilMode: true), x);
}
