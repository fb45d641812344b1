using System.Globalization;
using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>SqueezeNet 1.0 and 1.1 as torchvision builds them: "AlexNet-level accuracy with 50x fewer parameters" (1602.07360).</summary>
/// <remarks>
/// Input N 3 H W, RGB. A fire module squeezes to few channels by 1×1 and expands by 1×1 and 3×3 side by side. Node names are the modules'
/// paths, so parameters carry the state_dict's keys. Caffe's release of 1.0 has other names (fire2/squeeze1x1) and takes BGR less the mean.
/// </remarks>
public static class SqueezeNet
{
    /// <summary>Squeeze and expand widths of the eight fire modules (1602.07360, Table 1); an expansion is half 1×1, half 3×3.</summary>
    private static readonly (int Squeeze, int Expand)[] Fires = [(16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256)];

    internal static IReadOnlyList<ModelCard> Cards { get; } =
    [
        new("squeezenet1_0", "SqueezeNet 1.0: fire modules", "SqueezeNet, arXiv 1602.07360", 2016, ImageInput.Torchvision, "58.092 / 80.420",
            "squeezenet1_0-b66bff10.pth of torchvision; Caffe's squeezenet_v1.0.caffemodel fits too, and takes BGR less 104,117,123 (--order bgr --mean 104,117,123 --std 1,1,1 --scale 1)",
            [], Build10) { Parameters = 1_248_424, MultiplyAdds = 818_924_576, Top1 = 58.092, Top5 = 80.420 },
        new("squeezenet1_1", "SqueezeNet 1.1: pooled earlier, 2.4 times less to compute", "SqueezeNet, arXiv 1602.07360; 1.1 is its authors' later release", 2016, ImageInput.Torchvision, "58.178 / 80.624",
            "squeezenet1_1-b8a52dc0.pth of torchvision", [], Build11) { Parameters = 1_235_496, MultiplyAdds = 349_151_936, Top1 = 58.178, Top5 = 80.624 },
    ];

    /// <summary>Builds version 1.0: 7×7 first, pools behind the first convolution and the third and seventh fire modules.</summary>
    /// <param name="options">Batch, image size (224), classes.</param>
    public static Network Build10(ModelOptions options)
    {
        var net = new NetworkBuilder("squeezenet1_0");
        Tensor x = net.Input("input", options.InputShape(3, 224));
        x = Conv(net, "features.0", x, 96, 7, stride: 2);
        return Body(net, x, options, poolsBefore: [3, 7, 12]);
    }

    /// <summary>Builds version 1.1: 3×3 first, pools behind the first convolution and the second and fourth fire modules.</summary>
    /// <param name="options">Batch, image size (224), classes.</param>
    public static Network Build11(ModelOptions options)
    {
        var net = new NetworkBuilder("squeezenet1_1");
        Tensor x = net.Input("input", options.InputShape(3, 224));
        x = Conv(net, "features.0", x, 64, 3, stride: 2);
        return Body(net, x, options, poolsBefore: [3, 6, 9]);
    }

    /// <summary>Fire modules with pools among them; both take numbers of one sequence, in which convolution and ReLU are 0 and 1.</summary>
    private static Network Body(NetworkBuilder net, Tensor x, ModelOptions options, int[] poolsBefore)
    {
        int number = 2;
        foreach ((int squeeze, int expand) in Fires)
        {
            if (poolsBefore.Contains(number + 1)) x = net.Add(Feature(number++), new MaxPool2d(Window.Square(3, stride: 2), CeilMode: true), x);
            x = Fire(net, Feature(number++), x, squeeze, expand);
        }
        x = net.Add("classifier.0", new Dropout(0.5f), x);
        x = Conv(net, "classifier.1", x, options.ClassesOr(1000), 1);
        x = net.Add("classifier.3", new GlobalAvgPool2d(), x);
        x = net.Add("flatten", new Flatten(), x);
        net.Alias("logits", x);
        return net.Build(x);
    }

    private static string Feature(int number) => string.Create(CultureInfo.InvariantCulture, $"features.{number}");

    private static Tensor Fire(NetworkBuilder net, string name, Tensor x, int squeeze, int expand)
    {
        x = Conv(net, name + ".squeeze", x, squeeze, 1);
        return net.Add(name, new Concat(), Conv(net, name + ".expand1x1", x, expand, 1), Conv(net, name + ".expand3x3", x, expand, 3, padding: 1));
    }

    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels, int kernel, int stride = 1, int padding = 0)
        => net.Add(name, new Conv2d(channels, Window.Square(kernel, stride, padding)) { Range = OutputRange.ReLU }, x);
}
