using System.Globalization;
using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>The ResNets for CIFAR-10, with 20, 32, 44, 56 and 110 layers: "Deep Residual Learning for Image Recognition" (1512.03385), section 4.2.</summary>
/// <remarks>
/// Input N 3 32 32, RGB. Shortcuts have no parameters (option A): where a stage begins, every second pixel is taken and half as many channels
/// again, all zero, stand before and behind. Node names are the modules' paths of the released PyTorch checkpoints (<c>layer2.0.conv1</c>, <c>linear</c>).
/// </remarks>
public static class ResNetCifar
{
    internal static IReadOnlyList<ModelCard> Cards { get; } =
    [
        Card(20, 269_722, 40_551_040, 91.25, "resnet20-12fca82f.th of pytorch_resnet_cifar10 (91.73)"),
        Card(32, 464_154, 68_862_592, 92.49, "resnet32-d509ac18.th of pytorch_resnet_cifar10 (92.63)"),
        Card(44, 658_586, 97_174_144, 92.83, "resnet44-014dd654.th of pytorch_resnet_cifar10 (93.10)"),
        Card(56, 853_018, 125_485_696, 93.03, "resnet56-4bfd9763.th of pytorch_resnet_cifar10 (93.39)"),
        Card(110, 1_727_962, 252_887_680, 93.57, "resnet110-1d1ed7c2.th of pytorch_resnet_cifar10 (93.68)"),
    ];

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (32), classes (10).</param>
    /// <param name="layers">6n + 2 layers with weights.</param>
    public static Network Build(ModelOptions options, int layers)
    {
        var net = new NetworkBuilder(NameOf(layers));
        Tensor x = net.Input("input", options.InputShape(3, 32));
        x = Conv(net, "conv1", "bn1", x, 16, stride: 1);
        x = net.Add("relu", new ReLU(), x);
        for (int stage = 1; stage <= 3; stage++)
        {
            for (int block = 0; block < (layers - 2) / 6; block++)
                x = Block(net, string.Create(CultureInfo.InvariantCulture, $"layer{stage}.{block}."), x, 8 << stage, stage > 1 && block == 0 ? 2 : 1);
        }
        x = net.Add("avgpool", new GlobalAvgPool2d(), x);
        x = net.Add("flatten", new Flatten(), x);
        x = net.Add("linear", new Linear(options.ClassesOr(10)), x);
        net.Alias("logits", x);
        return net.Build(x);
    }

    private static Tensor Block(NetworkBuilder net, string name, Tensor x, int width, int stride)
    {
        Tensor y = Conv(net, name + "conv1", name + "bn1", x, width, stride);
        y = net.Add(name + "relu1", new ReLU(), y);
        y = Conv(net, name + "conv2", name + "bn2", y, width, stride: 1);
        return net.Add(name + "relu", new ReLU(), net.Add(name + "add", new Add(), y, stride == 1 ? x : Shortcut(net, name, x, width)));
    }

    /// <summary>A mean over a window of one pixel takes every second pixel as it is.</summary>
    private static Tensor Shortcut(NetworkBuilder net, string name, Tensor x, int width)
    {
        int added = (width - x.Shape.C) / 2;
        x = net.Add(name + "shortcut.subsample", new AvgPool2d(Window.Square(1, stride: 2)), x);
        return net.Add(name + "shortcut", new Pad([0, added, 0, 0], [0, added, 0, 0]), x);
    }

    private static Tensor Conv(NetworkBuilder net, string conv, string norm, Tensor x, int channels, int stride)
        => net.Add(norm, new BatchNorm2d(), net.Add(conv, new Conv2d(channels, Window.Square(3, stride, padding: 1), Bias: false), x));

    private static string NameOf(int layers) => string.Create(CultureInfo.InvariantCulture, $"resnet{layers}-cifar");

    private static ModelCard Card(int layers, long parameters, long multiplyAdds, double top1, string weights) => new(
        NameOf(layers), string.Create(CultureInfo.InvariantCulture, $"ResNet with {layers} layers for CIFAR-10, shortcuts without parameters"),
        "Deep Residual Learning for Image Recognition, arXiv 1512.03385", 2015,
        new ImageInput(32, 32, ResizeMode.Warp, 32, ChannelOrder.Rgb, ImageInput.Torchvision.Mean, ImageInput.Torchvision.Deviation, 1f / 255),
        string.Create(CultureInfo.InvariantCulture, $"{top1:F2} top-1 on CIFAR-10"), weights, [], o => Build(o, layers))
    {
        Parameters = parameters,
        MultiplyAdds = multiplyAdds,
        Top1 = top1,
    };
}
