using System.Globalization;
using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>VGG with 11, 13, 16 and 19 layers, with and without batch norm, as torchvision builds them: "Very Deep Convolutional Networks" (1409.1556), configurations A, B, D and E.</summary>
/// <remarks>
/// Input N 3 H W, RGB, at least 32×32. Node names are the modules' paths, so parameters carry the state_dict's keys; with batch norm the
/// numbers count it. Without it, convolutions carry their ReLU. The original Caffe files (conv1_1, fc6) fit too, and take BGR less the mean.
/// </remarks>
public static class Vgg
{
    /// <summary>Convolutions 3×3 before each of the five pools (1409.1556, Table 1).</summary>
    private static readonly Dictionary<int, int[]> Depths = new Dictionary<int, int[]>
    {
        [11] = [1, 1, 2, 2, 2],
        [13] = [2, 2, 2, 2, 2],
        [16] = [2, 2, 3, 3, 3],
        [19] = [2, 2, 4, 4, 4],
    };

    private static readonly int[] Widths = [64, 128, 256, 512, 512];

    internal static IReadOnlyList<ModelCard> Cards { get; } =
    [
        Card(11, false, "8a719046", 132_863_336, 7_609_090_048, 69.020, 88.628),
        Card(13, false, "19584684", 133_047_848, 11_308_466_176, 69.928, 89.246),
        Card(16, false, "397923af", 138_357_544, 15_470_264_320, 71.592, 90.382),
        Card(19, false, "dcbb9e9d", 143_667_240, 19_632_062_464, 72.376, 90.876),
        Card(11, true, "6002323d", 132_868_840, 7_609_090_048, 70.370, 89.810),
        Card(13, true, "abd245e5", 133_053_736, 11_308_466_176, 71.586, 90.374),
        Card(16, true, "6c64b313", 138_365_992, 15_470_264_320, 73.360, 91.516),
        Card(19, true, "c79401a0", 143_678_248, 19_632_062_464, 74.218, 91.842),
    ];

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (224), classes.</param>
    /// <param name="layers">11, 13, 16 or 19 layers with weights.</param>
    /// <param name="batchNorm">Whether batch norm follows every convolution.</param>
    public static Network Build(ModelOptions options, int layers, bool batchNorm)
    {
        var net = new NetworkBuilder(NameOf(layers, batchNorm));
        Tensor x = net.Input("input", options.InputShape(3, 224));
        int module = 0;
        foreach ((int width, int depth) in Widths.Zip(Depths[layers]))
        {
            for (int i = 0; i < depth; i++)
            {
                x = batchNorm ? NormedConv(net, module, x, width) : net.Add(Feature(module), Conv(width) with { Range = OutputRange.ReLU }, x);
                module += batchNorm ? 3 : 2;
            }
            x = net.Add(Feature(module++), new MaxPool2d(Window.Square(2, stride: 2)), x);
        }
        x = net.Add("avgpool", new AdaptiveAvgPool2d(7, 7), x);
        x = net.Add("flatten", new Flatten(), x);
        x = net.Add("classifier.0", new Linear(4096) { Range = OutputRange.ReLU }, x);
        x = net.Add("classifier.2", new Dropout(0.5f), x);
        x = net.Add("classifier.3", new Linear(4096) { Range = OutputRange.ReLU }, x);
        x = net.Add("classifier.5", new Dropout(0.5f), x);
        x = net.Add("classifier.6", new Linear(options.ClassesOr(1000)), x);
        net.Alias("logits", x);
        return net.Build(x);
    }

    private static Tensor NormedConv(NetworkBuilder net, int module, Tensor x, int width)
    {
        x = net.Add(Feature(module), Conv(width), x);
        x = net.Add(Feature(module + 1), new BatchNorm2d(), x);
        return net.Add(Feature(module + 2), new ReLU(), x);
    }

    private static Conv2d Conv(int width) => new(width, Window.Square(3, padding: 1));

    private static string Feature(int module) => string.Create(CultureInfo.InvariantCulture, $"features.{module}");

    private static string NameOf(int layers, bool batchNorm) => string.Create(CultureInfo.InvariantCulture, $"vgg{layers}{(batchNorm ? "_bn" : "")}");

    private static ModelCard Card(int layers, bool batchNorm, string hash, long parameters, long multiplyAdds, double top1, double top5)
    {
        string name = NameOf(layers, batchNorm), letter = layers switch { 11 => "A", 13 => "B", 16 => "D", _ => "E" };
        string original = !batchNorm && layers > 13
            ? string.Create(CultureInfo.InvariantCulture, $"; the authors' VGG_ILSVRC_{layers}_layers.caffemodel fits too, and takes BGR less 103.939,116.779,123.68 (--order bgr --mean 103.939,116.779,123.68 --std 1,1,1 --scale 1)")
            : "";
        return new ModelCard(
            name, string.Create(CultureInfo.InvariantCulture, $"VGG with {layers} layers (configuration {letter}){(batchNorm ? " and batch norm" : "")}"),
            "Very Deep Convolutional Networks for Large-Scale Image Recognition, arXiv 1409.1556", 2014, ImageInput.Torchvision,
            string.Create(CultureInfo.InvariantCulture, $"{top1:F3} / {top5:F3}"), $"{name}-{hash}.pth of torchvision{original}", [], o => Build(o, layers, batchNorm))
        {
            Parameters = parameters,
            MultiplyAdds = multiplyAdds,
            Top1 = top1,
            Top5 = top5,
        };
    }
}
