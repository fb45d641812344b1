using System.Globalization;
using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>Inception v4: "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning" (1602.07261), figure 9.</summary>
/// <remarks>
/// Input N 3 299 299, RGB, mean and deviation 0.5. Node names are those of the PyTorch port of the released weights
/// (<c>features.4.branch0.0.conv.weight</c>, <c>last_linear.weight</c>).
/// </remarks>
public static class InceptionV4
{
    internal static ModelCard Card { get; } = new(
        "inception_v4", "Inception v4: a uniform Inception without residuals", "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning, arXiv 1602.07261", 2016,
        new ImageInput(299, 299, ResizeMode.ShortSide, 342, ChannelOrder.Rgb, [0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f], 1f / 255), "80.2 / 95.2",
        "TF-slim's inception_v4_2016_09_09; its PyTorch port inceptionv4-8e4777a0.pth has these keys, with 1001 classes of which the first is background", [], Build)
    {
        Parameters = 42_679_816,
        MultiplyAdds = 12_253_974_624,
        Top1 = 80.2,
        Top5 = 95.2,
    };

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (299, at least 75), classes.</param>
    public static Network Build(ModelOptions options)
    {
        var net = new NetworkBuilder("inception_v4");
        Tensor x = net.Input("input", options.InputShape(3, 299));
        x = Conv(net, "features.0", x, 32, Window.Square(3, stride: 2));
        x = Conv(net, "features.1", x, 32, Window.Square(3));
        x = Conv(net, "features.2", x, 64, Window.Same(3, 3));
        x = net.Add("features.3", new Concat(), Pool(net, "features.3.maxpool", x), Conv(net, "features.3.conv", x, 96, Window.Square(3, stride: 2)));
        x = net.Add(
            "features.4", new Concat(),
            Branch(net, "features.4.branch0", x, (64, Window.Square(1)), (96, Window.Square(3))),
            Branch(net, "features.4.branch1", x, (64, Window.Square(1)), (64, Window.Same(1, 7)), (64, Window.Same(7, 1)), (96, Window.Square(3))));
        x = net.Add("features.5", new Concat(), Conv(net, "features.5.conv", x, 192, Window.Square(3, stride: 2)), Pool(net, "features.5.maxpool", x));
        for (int i = 6; i < 10; i++) x = ModuleA(net, Feature(i), x);
        x = ReductionA(net, Feature(10), x);
        for (int i = 11; i < 18; i++) x = ModuleB(net, Feature(i), x);
        x = ReductionB(net, Feature(18), x);
        for (int i = 19; i < 22; i++) x = ModuleC(net, Feature(i), x);
        x = net.Add("avg_pool", new GlobalAvgPool2d(), x);
        x = net.Add("flatten", new Flatten(), x);
        x = net.Add("dropout", new Dropout(0.2f), x);
        x = net.Add("last_linear", new Linear(options.ClassesOr(1000)), x);
        net.Alias("logits", x);
        return net.Build(x);
    }

    /// <summary>Figure 4, at 35×35.</summary>
    private static Tensor ModuleA(NetworkBuilder net, string name, Tensor x) => net.Add(
        name, new Concat(),
        Conv(net, name + ".branch0", x, 96, Window.Square(1)),
        Branch(net, name + ".branch1", x, (64, Window.Square(1)), (96, Window.Same(3, 3))),
        Branch(net, name + ".branch2", x, (64, Window.Square(1)), (96, Window.Same(3, 3)), (96, Window.Same(3, 3))),
        Pooled(net, name, x, 96));

    /// <summary>Figure 7: 35×35 to 17×17.</summary>
    private static Tensor ReductionA(NetworkBuilder net, string name, Tensor x) => net.Add(
        name, new Concat(),
        Conv(net, name + ".branch0", x, 384, Window.Square(3, stride: 2)),
        Branch(net, name + ".branch1", x, (192, Window.Square(1)), (224, Window.Same(3, 3)), (256, Window.Square(3, stride: 2))),
        Pool(net, name + ".branch2", x));

    /// <summary>Figure 5, at 17×17.</summary>
    private static Tensor ModuleB(NetworkBuilder net, string name, Tensor x) => net.Add(
        name, new Concat(),
        Conv(net, name + ".branch0", x, 384, Window.Square(1)),
        Branch(net, name + ".branch1", x, (192, Window.Square(1)), (224, Window.Same(1, 7)), (256, Window.Same(7, 1))),
        Branch(net, name + ".branch2", x, (192, Window.Square(1)), (192, Window.Same(7, 1)), (224, Window.Same(1, 7)), (224, Window.Same(7, 1)), (256, Window.Same(1, 7))),
        Pooled(net, name, x, 128));

    /// <summary>Figure 8: 17×17 to 8×8.</summary>
    private static Tensor ReductionB(NetworkBuilder net, string name, Tensor x) => net.Add(
        name, new Concat(),
        Branch(net, name + ".branch0", x, (192, Window.Square(1)), (192, Window.Square(3, stride: 2))),
        Branch(net, name + ".branch1", x, (256, Window.Square(1)), (256, Window.Same(1, 7)), (320, Window.Same(7, 1)), (320, Window.Square(3, stride: 2))),
        Pool(net, name + ".branch2", x));

    /// <summary>Figure 6, at 8×8.</summary>
    private static Tensor ModuleC(NetworkBuilder net, string name, Tensor x)
    {
        Tensor b1 = Conv(net, name + ".branch1_0", x, 384, Window.Square(1));
        Tensor b2 = Conv(net, name + ".branch2_0", x, 384, Window.Square(1));
        b2 = Conv(net, name + ".branch2_1", b2, 448, Window.Same(3, 1));
        b2 = Conv(net, name + ".branch2_2", b2, 512, Window.Same(1, 3));
        return net.Add(
            name, new Concat(), Conv(net, name + ".branch0", x, 256, Window.Square(1)),
            Split(net, name + ".branch1_1", b1), Split(net, name + ".branch2_3", b2), Pooled(net, name, x, 256));
    }

    private static Tensor Split(NetworkBuilder net, string name, Tensor x)
        => net.Add(name, new Concat(), Conv(net, name + "a", x, 256, Window.Same(1, 3)), Conv(net, name + "b", x, 256, Window.Same(3, 1)));

    private static Tensor Pooled(NetworkBuilder net, string name, Tensor x, int channels)
        => Conv(net, name + ".branch3.1", net.Add(name + ".branch3.0", new AvgPool2d(Window.Square(3, padding: 1), CountIncludePad: false), x), channels, Window.Square(1));

    private static Tensor Branch(NetworkBuilder net, string name, Tensor x, params (int Channels, Window Window)[] convolutions)
    {
        for (int i = 0; i < convolutions.Length; i++)
            x = Conv(net, string.Create(CultureInfo.InvariantCulture, $"{name}.{i}"), x, convolutions[i].Channels, convolutions[i].Window);
        return x;
    }

    private static string Feature(int number) => string.Create(CultureInfo.InvariantCulture, $"features.{number}");

    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels, Window window) => BasicConv2d.Add(net, name, x, channels, window);

    private static Tensor Pool(NetworkBuilder net, string name, Tensor x) => net.Add(name, new MaxPool2d(Window.Square(3, stride: 2)), x);
}
