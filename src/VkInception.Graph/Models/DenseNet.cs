using System.Globalization;
using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>DenseNet-BC with 121, 161, 169 and 201 layers, as torchvision builds them: "Densely Connected Convolutional Networks" (1608.06993), Table 1.</summary>
/// <remarks>
/// Input N 3 H W, RGB. Every layer of a block reads all that came before it, joined. Node names are the modules' paths, so parameters carry
/// the state_dict's keys; the released files spell some of them the old way (<c>norm.1</c>, <c>conv.2</c>), which loading puts right.
/// </remarks>
public static class DenseNet
{
    /// <summary>Layers of the four blocks, growth rate, width of the first convolution.</summary>
    private static readonly Dictionary<int, (int[] Blocks, int Growth, int First)> Shapes = new()
    {
        [121] = ([6, 12, 24, 16], 32, 64),
        [161] = ([6, 12, 36, 24], 48, 96),
        [169] = ([6, 12, 32, 32], 32, 64),
        [201] = ([6, 12, 48, 32], 32, 64),
    };

    internal static IReadOnlyList<ModelCard> Cards { get; } =
    [
        Card(121, "a639ec97", 7_978_856, 2_834_161_664, 74.434, 91.972),
        Card(161, "8d451a50", 28_681_000, 7_727_907_072, 77.138, 93.560),
        Card(169, "b2777c0a", 14_149_480, 3_359_843_328, 75.600, 92.806),
        Card(201, "c1103571", 20_013_928, 4_291_365_888, 76.896, 93.370),
    ];

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (224), classes.</param>
    /// <param name="layers">121, 161, 169 or 201 layers with weights.</param>
    public static Network Build(ModelOptions options, int layers)
    {
        (int[] blocks, int growth, int first) = Shapes[layers];
        var net = new NetworkBuilder(NameOf(layers));
        Tensor x = net.Input("input", options.InputShape(3, 224));
        x = net.Add("features.conv0", new Conv2d(first, Window.Square(7, stride: 2, padding: 3), Bias: false), x);
        x = Norm(net, "features.norm0", "features.relu0", x);
        x = net.Add("features.pool0", new MaxPool2d(Window.Square(3, stride: 2, padding: 1)), x);
        for (int block = 1; block <= blocks.Length; block++)
        {
            for (int layer = 1; layer <= blocks[block - 1]; layer++)
                x = DenseLayer(net, string.Create(CultureInfo.InvariantCulture, $"features.denseblock{block}.denselayer{layer}"), x, growth);
            if (block < blocks.Length) x = Transition(net, string.Create(CultureInfo.InvariantCulture, $"features.transition{block}"), x);
        }
        x = Norm(net, "features.norm5", "relu", x);
        x = net.Add("avgpool", new GlobalAvgPool2d(), x);
        x = net.Add("flatten", new Flatten(), x);
        x = net.Add("classifier", new Linear(options.ClassesOr(1000)), x);
        net.Alias("logits", x);
        return net.Build(x);
    }

    /// <summary>All that came before, with the layer's own channels behind it: each join lies at the beginning of the next, so that none is copied.</summary>
    private static Tensor DenseLayer(NetworkBuilder net, string name, Tensor x, int growth)
    {
        Tensor y = Norm(net, name + ".norm1", name + ".relu1", x);
        y = net.Add(name + ".conv1", new Conv2d(4 * growth, Window.Square(1), Bias: false), y);
        y = Norm(net, name + ".norm2", name + ".relu2", y);
        y = net.Add(name + ".conv2", new Conv2d(growth, Window.Square(3, padding: 1), Bias: false), y);
        return net.Add(name + ".joined", new Concat(), x, y);
    }

    private static Tensor Transition(NetworkBuilder net, string name, Tensor x)
    {
        x = Norm(net, name + ".norm", name + ".relu", x);
        x = net.Add(name + ".conv", new Conv2d(x.Shape.C / 2, Window.Square(1), Bias: false), x);
        return net.Add(name + ".pool", new AvgPool2d(Window.Square(2, stride: 2)), x);
    }

    private static Tensor Norm(NetworkBuilder net, string norm, string relu, Tensor x) => net.Add(relu, new ReLU(), net.Add(norm, new BatchNorm2d(), x));

    private static string NameOf(int layers) => string.Create(CultureInfo.InvariantCulture, $"densenet{layers}");

    private static ModelCard Card(int layers, string hash, long parameters, long multiplyAdds, double top1, double top5) => new(
        NameOf(layers), string.Create(CultureInfo.InvariantCulture, $"DenseNet with {layers} layers, growth rate {Shapes[layers].Growth}"), "Densely Connected Convolutional Networks, arXiv 1608.06993", 2016,
        ImageInput.Torchvision, string.Create(CultureInfo.InvariantCulture, $"{top1:F3} / {top5:F3}"),
        string.Create(CultureInfo.InvariantCulture, $"densenet{layers}-{hash}.pth of torchvision, with the old spelling of its keys"), [], o => Build(o, layers))
    {
        Parameters = parameters,
        MultiplyAdds = multiplyAdds,
        Top1 = top1,
        Top5 = top5,
    };
}
