using System.Globalization;
using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>Inception v2 out of the published PyTorch modules A, B and C: "Rethinking the Inception Architecture for Computer Vision" (1512.00567), Table 1.</summary>
/// <remarks>
/// Input N 3 299 299, RGB. Three modules A at 35×35, five B at 17×17 (factorized by n = 3, as that code does), two C at 8×8, with a parallel
/// grid reduction (figure 10) between them; sizes and depths are the paper's Table 1, widths inside the modules Inception v3's. Batch norm
/// (eps 1e-5) and ReLU6 follow every convolution, which keeps its bias. Parameters carry the modules' state_dict keys (<c>branch2.1.0.weight</c>).
/// </remarks>
public static class InceptionV2
{
    internal static ModelCard Card { get; } = new(
        "inception_v2", "Inception v2 of the published PyTorch modules: 3 A, 5 B, 2 C, ReLU6", "Rethinking the Inception Architecture for Computer Vision, arXiv 1512.00567", 2015,
        ImageInput.Torchvision with { Width = 299, Height = 299, ResizeTo = 342 }, "76.6 / 93.7 (the paper's Inception-v2 without label smoothing, 23.4 and 6.3 % error)",
        "none were released for these modules", [], Build)
    {
        Parameters = 21_192_648,
        MultiplyAdds = 5_023_482_464,
        Top1 = 76.6,
        Top5 = 93.7,
    };

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (299, at least 75), classes.</param>
    public static Network Build(ModelOptions options)
    {
        var net = new NetworkBuilder("inception_v2");
        Tensor x = net.Input("input", options.InputShape(3, 299));
        x = Conv(net, "conv1", x, 32, Window.Square(3, stride: 2));
        x = Conv(net, "conv2", x, 32, Window.Square(3));
        x = Conv(net, "conv3", x, 64, Window.Same(3, 3));
        x = Pool(net, "pool", x);
        x = Conv(net, "conv4", x, 80, Window.Square(3));
        x = Conv(net, "conv5", x, 192, Window.Square(3, stride: 2));
        x = Conv(net, "conv6", x, 288, Window.Same(3, 3));
        for (int i = 0; i < 3; i++) x = ModuleA(net, Numbered("inception_a", i), x);
        x = Reduction(net, "reduction_a", x, reduce1: 192, width1: 384, reduce2: 64, width2: 96);
        for (int i = 0; i < 5; i++) x = ModuleB(net, Numbered("inception_b", i), x);
        x = Reduction(net, "reduction_b", x, reduce1: 192, width1: 320, reduce2: 192, width2: 192);
        for (int i = 0; i < 2; i++) x = ModuleC(net, Numbered("inception_c", i), x);
        x = net.Add("avgpool", new GlobalAvgPool2d(), x);
        x = net.Add("flatten", new Flatten(), x);
        x = net.Add("dropout", new Dropout(0.2f), x);
        x = net.Add("linear", new Linear(options.ClassesOr(1000)), x);
        net.Alias("logits", x);
        return net.Build(x);
    }

    /// <summary>Two 3×3 in the place of a 5×5 (figure 5).</summary>
    private static Tensor ModuleA(NetworkBuilder net, string name, Tensor x)
    {
        Tensor b1 = Conv(net, name + ".branch1", x, 64, Window.Square(1));
        Tensor b2 = Conv(net, name + ".branch2.0", x, 48, Window.Square(1));
        b2 = Conv(net, name + ".branch2.1", b2, 64, Window.Same(3, 3));
        Tensor b3 = Conv(net, name + ".branch3.0", x, 64, Window.Square(1));
        b3 = Conv(net, name + ".branch3.1", b3, 96, Window.Same(3, 3));
        b3 = Conv(net, name + ".branch3.2", b3, 96, Window.Same(3, 3));
        return net.Add(name, new Concat(), b1, b2, b3, Pooled(net, name, x, 64));
    }

    /// <summary>Every 3×3 as 1×3 and 3×1 (figure 6).</summary>
    private static Tensor ModuleB(NetworkBuilder net, string name, Tensor x)
    {
        Tensor b1 = Conv(net, name + ".branch1", x, 192, Window.Square(1));
        Tensor b2 = Conv(net, name + ".branch2.0", x, 128, Window.Square(1));
        b2 = Conv(net, name + ".branch2.1", b2, 128, Window.Same(1, 3));
        b2 = Conv(net, name + ".branch2.2", b2, 192, Window.Same(3, 1));
        Tensor b3 = Conv(net, name + ".branch3.0", x, 128, Window.Square(1));
        b3 = Conv(net, name + ".branch3.1", b3, 128, Window.Same(1, 3));
        b3 = Conv(net, name + ".branch3.2", b3, 128, Window.Same(3, 1));
        b3 = Conv(net, name + ".branch3.3", b3, 128, Window.Same(1, 3));
        b3 = Conv(net, name + ".branch3.4", b3, 192, Window.Same(3, 1));
        return net.Add(name, new Concat(), b1, b2, b3, Pooled(net, name, x, 192));
    }

    /// <summary>1×3 and 3×1 side by side: the filter banks widen (figure 7).</summary>
    private static Tensor ModuleC(NetworkBuilder net, string name, Tensor x)
    {
        Tensor b1 = Conv(net, name + ".branch1", x, 320, Window.Square(1));
        Tensor x2 = Conv(net, name + ".branch2_conv1", x, 384, Window.Square(1));
        Tensor b2 = net.Add(
            name + ".branch2", new Concat(),
            Conv(net, name + ".branch2_conv2a", x2, 384, Window.Same(1, 3)), Conv(net, name + ".branch2_conv2b", x2, 384, Window.Same(3, 1)));
        Tensor x3 = Conv(net, name + ".branch3_conv1", x, 448, Window.Square(1));
        x3 = Conv(net, name + ".branch3_conv2", x3, 384, Window.Same(3, 3));
        Tensor b3 = net.Add(
            name + ".branch3", new Concat(),
            Conv(net, name + ".branch3_conv3a", x3, 384, Window.Same(3, 1)), Conv(net, name + ".branch3_conv3b", x3, 384, Window.Same(1, 3)));
        return net.Add(name, new Concat(), b1, b2, b3, Pooled(net, name, x, 192));
    }

    /// <summary>Convolutions of stride 2 beside a pool: the grid halves without a bottleneck (figure 10).</summary>
    private static Tensor Reduction(NetworkBuilder net, string name, Tensor x, int reduce1, int width1, int reduce2, int width2)
    {
        Tensor b1 = Conv(net, name + ".branch1.0", x, reduce1, Window.Square(1));
        b1 = Conv(net, name + ".branch1.1", b1, width1, Window.Square(3, stride: 2));
        Tensor b2 = Conv(net, name + ".branch2.0", x, reduce2, Window.Square(1));
        b2 = Conv(net, name + ".branch2.1", b2, width2, Window.Same(3, 3));
        b2 = Conv(net, name + ".branch2.2", b2, width2, Window.Square(3, stride: 2));
        return net.Add(name, new Concat(), b1, b2, Pool(net, name + ".branch3", x));
    }

    private static Tensor Pooled(NetworkBuilder net, string name, Tensor x, int channels)
        => Conv(net, name + ".branch4.1", net.Add(name + ".branch4.0", new MaxPool2d(Window.Square(3, padding: 1)), x), channels, Window.Square(1));

    private static Tensor Pool(NetworkBuilder net, string name, Tensor x) => net.Add(name, new MaxPool2d(Window.Square(3, stride: 2)), x);

    /// <summary>ConvBNReLU: convolution with bias, batch norm, ReLU6.</summary>
    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels, Window window)
    {
        x = net.Add(name + ".0", new Conv2d(channels, window), x);
        x = net.Add(name + ".1", new BatchNorm2d(), x);
        return net.Add(name + ".2", new ReLU6(), x);
    }

    private static string Numbered(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}.{index}");
}
