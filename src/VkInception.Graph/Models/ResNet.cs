using System.Globalization;
using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>ResNet with 18, 34, 50, 101 and 152 layers, as torchvision builds them: "Deep Residual Learning for Image Recognition" (1512.03385), Table 1.</summary>
/// <remarks>
/// Input N 3 H W, RGB. Where a stage begins, the shortcut is a 1×1 convolution (option B). A bottleneck strides in its 3×3 (the paper in its
/// first 1×1). Node names are the modules' paths, so parameters carry the state_dict's keys.
/// </remarks>
public static class ResNet
{
    /// <summary>Blocks in the four stages; 50 layers and more have bottlenecks.</summary>
    private static readonly Dictionary<int, int[]> Depths = new Dictionary<int, int[]>
    {
        [18] = [2, 2, 2, 2],
        [34] = [3, 4, 6, 3],
        [50] = [3, 4, 6, 3],
        [101] = [3, 4, 23, 3],
        [152] = [3, 8, 36, 3],
    };

    internal static IReadOnlyList<ModelCard> Cards { get; } =
    [
        Card(18, "f37072fd", 11_689_512, 1_814_073_344, 69.758, 89.078),
        Card(34, "b627a593", 21_797_672, 3_663_761_408, 73.314, 91.420),
        Card(50, "0676ba61", 25_557_032, 4_089_184_256, 76.130, 92.862),
        Card(101, "63fe2227", 44_549_160, 7_801_405_440, 77.374, 93.546),
        Card(152, "394f9c45", 60_192_808, 11_513_626_624, 78.312, 94.046),
    ];

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (224), classes.</param>
    /// <param name="layers">18, 34, 50, 101 or 152 layers with weights.</param>
    public static Network Build(ModelOptions options, int layers)
    {
        var net = new NetworkBuilder(NameOf(layers));
        Tensor x = net.Input("input", options.InputShape(3, 224));
        x = Conv(net, "conv1", "bn1", x, 64, Window.Square(7, stride: 2, padding: 3));
        x = net.Add("relu", new ReLU(), x);
        x = net.Add("maxpool", new MaxPool2d(Window.Square(3, stride: 2, padding: 1)), x);
        int[] depths = Depths[layers];
        for (int stage = 1; stage <= depths.Length; stage++)
        {
            for (int block = 0; block < depths[stage - 1]; block++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"layer{stage}.{block}.");
                int width = 32 << stage, stride = stage > 1 && block == 0 ? 2 : 1;
                x = layers < 50 ? BasicBlock(net, name, x, width, stride) : Bottleneck(net, name, x, width, stride);
            }
        }
        x = net.Add("avgpool", new GlobalAvgPool2d(), x);
        x = net.Add("flatten", new Flatten(), x);
        x = net.Add("fc", new Linear(options.ClassesOr(1000)), x);
        net.Alias("logits", x);
        return net.Build(x);
    }

    private static Tensor BasicBlock(NetworkBuilder net, string name, Tensor x, int width, int stride)
    {
        Tensor y = Conv(net, name + "conv1", name + "bn1", x, width, Window.Square(3, stride, padding: 1));
        y = net.Add(name + "relu1", new ReLU(), y);
        y = Conv(net, name + "conv2", name + "bn2", y, width, Window.Square(3, padding: 1));
        return Joined(net, name, y, Shortcut(net, name, x, width, stride));
    }

    private static Tensor Bottleneck(NetworkBuilder net, string name, Tensor x, int width, int stride)
    {
        Tensor y = Conv(net, name + "conv1", name + "bn1", x, width, Window.Square(1));
        y = net.Add(name + "relu1", new ReLU(), y);
        y = Conv(net, name + "conv2", name + "bn2", y, width, Window.Square(3, stride, padding: 1));
        y = net.Add(name + "relu2", new ReLU(), y);
        y = Conv(net, name + "conv3", name + "bn3", y, 4 * width, Window.Square(1));
        return Joined(net, name, y, Shortcut(net, name, x, 4 * width, stride));
    }

    private static Tensor Joined(NetworkBuilder net, string name, Tensor y, Tensor shortcut)
        => net.Add(name + "relu", new ReLU(), net.Add(name + "add", new Add(), y, shortcut));

    /// <summary>The identity where the shape stays; a projection where it changes.</summary>
    private static Tensor Shortcut(NetworkBuilder net, string name, Tensor x, int channels, int stride)
        => stride == 1 && x.Shape.C == channels ? x : Conv(net, name + "downsample.0", name + "downsample.1", x, channels, Window.Square(1, stride));

    private static Tensor Conv(NetworkBuilder net, string conv, string norm, Tensor x, int channels, Window window)
        => net.Add(norm, new BatchNorm2d(), net.Add(conv, new Conv2d(channels, window, Bias: false), x));

    private static string NameOf(int layers) => string.Create(CultureInfo.InvariantCulture, $"resnet{layers}");

    private static ModelCard Card(int layers, string hash, long parameters, long multiplyAdds, double top1, double top5) => new(
        NameOf(layers), string.Create(CultureInfo.InvariantCulture, $"ResNet with {layers} layers"), "Deep Residual Learning for Image Recognition, arXiv 1512.03385", 2015,
        ImageInput.Torchvision, string.Create(CultureInfo.InvariantCulture, $"{top1:F3} / {top5:F3}"),
        string.Create(CultureInfo.InvariantCulture, $"resnet{layers}-{hash}.pth of torchvision (IMAGENET1K_V1)"), [], o => Build(o, layers))
    {
        Parameters = parameters,
        MultiplyAdds = multiplyAdds,
        Top1 = top1,
        Top5 = top5,
    };
}
