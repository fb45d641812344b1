using VkInception.Graph.Ops;
using VkInception.Graph.Training.Initializers;

namespace VkInception.Graph.Models;

/// <summary>GoogLeNet as BVLC released it in Caffe: the network of "Going Deeper with Convolutions" (1409.4842), Table 1.</summary>
/// <remarks>
/// Input N 3 H W, BGR, mean 104/117/123 subtracted. LRN after the first pool and before the second; pooling rounds up.
/// Outputs: logits (<c>loss3/classifier</c>), and the auxiliary heads' <c>loss1/classifier</c>, <c>loss2/classifier</c> where they fit.
/// Node names are the Caffe layers', so <c>conv1/7x7_s2.weight</c> is a key of the checkpoint; convolutions carry their ReLU.
/// </remarks>
public static class GoogLeNet
{
    internal static ModelCard Card { get; } = new(
        "googlenet", "GoogLeNet as BVLC released it: LRN, ceil pooling, auxiliary heads", "Going Deeper with Convolutions, arXiv 1409.4842", 2014,
        ImageInput.Bvlc, "68.7 / 88.9 claimed by BVLC; 67.8 / 88.3 re-measured",
        "bvlc_googlenet.caffemodel of Caffe's model zoo, 53,533,754 bytes, sha1 405fc5acd08a3bb12de8ee5e23a96bec22f08204",
        ["loss1/", "loss2/"], Build)
    {
        Parameters = 6_998_552,
        MultiplyAdds = 1_582_671_872,
        Top1 = 68.7,
        Top5 = 88.9,
        Initializer = new BvlcInitializer(),
    };

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (224 in the paper), classes.</param>
    public static Network Build(ModelOptions options) => Build("googlenet", options, Inception);

    /// <summary>The network with modules of another kind in the place of the paper's.</summary>
    internal static Network Build(string networkName, ModelOptions options, Func<NetworkBuilder, string, Tensor, Tensor> inception)
    {
        var net = new NetworkBuilder(networkName);
        Tensor x = net.Input("data", options.InputShape(3, 224));
        x = Conv(net, "conv1/7x7_s2", x, 64, 7, stride: 2);
        x = Pool(net, "pool1/3x3_s2", x);
        x = net.Add("pool1/norm1", new LocalResponseNorm(), x);
        x = Conv(net, "conv2/3x3_reduce", x, 64, 1);
        x = Conv(net, "conv2/3x3", x, 192, 3);
        x = net.Add("conv2/norm2", new LocalResponseNorm(), x);
        x = Pool(net, "pool2/3x3_s2", x);
        x = inception(net, "3a", x);
        x = inception(net, "3b", x);
        x = Pool(net, "pool3/3x3_s2", x);
        x = inception(net, "4a", x);
        Tensor? aux1 = AuxiliaryHead(net, "loss1", x, options.ClassesOr(1000));
        x = inception(net, "4b", x);
        x = inception(net, "4c", x);
        x = inception(net, "4d", x);
        Tensor? aux2 = AuxiliaryHead(net, "loss2", x, options.ClassesOr(1000));
        x = inception(net, "4e", x);
        x = Pool(net, "pool4/3x3_s2", x);
        x = inception(net, "5a", x);
        x = inception(net, "5b", x);
        x = options.IsSize(224)
            ? net.Add("pool5/7x7_s1", new AvgPool2d(Window.Square(7)), x)
            : net.Add("pool5/7x7_s1", new GlobalAvgPool2d(), x);
        x = net.Add("pool5/flatten", new Flatten(), x);
        x = net.Add("pool5/drop_7x7_s1", new Dropout(0.4f), x);
        x = net.Add("loss3/classifier", new Linear(options.ClassesOr(1000)), x);
        net.Alias("logits", x);
        return aux1 is null || aux2 is null ? net.Build(x) : net.Build(x, aux1, aux2);
    }

    private static Tensor Inception(NetworkBuilder net, string name, Tensor x)
    {
        InceptionWidths w = InceptionWidths.Table[name];
        string p = $"inception_{name}/";
        Tensor b1 = Conv(net, p + "1x1", x, w.C1, 1);
        Tensor b3 = Conv(net, p + "3x3", Conv(net, p + "3x3_reduce", x, w.Reduce3, 1), w.C3, 3);
        Tensor b5 = Conv(net, p + "5x5", Conv(net, p + "5x5_reduce", x, w.Reduce5, 1), w.C5, 5);
        Tensor pooled = net.Add(p + "pool", new MaxPool2d(Window.Square(3, stride: 1, padding: 1), CeilMode: true), x);
        Tensor b4 = Conv(net, p + "pool_proj", pooled, w.PoolProjection, 1);
        return net.Add(p + "output", new Concat(), b1, b3, b5, b4);
    }

    /// <summary>Average 5×5/3, 1×1 to 128, fully connected 1024, dropout 0.7, classifier (section 5 of the paper); null where the window does not fit.</summary>
    private static Tensor? AuxiliaryHead(NetworkBuilder net, string name, Tensor x, int classes)
    {
        if (x.Shape.H < 5 || x.Shape.W < 5) return null;
        Tensor y = net.Add(name + "/ave_pool", new AvgPool2d(Window.Square(5, stride: 3), CeilMode: true), x);
        y = Conv(net, name + "/conv", y, 128, 1);
        y = net.Add(name + "/flatten", new Flatten(), y);
        y = net.Add(name + "/fc", new Linear(1024) { Range = OutputRange.ReLU }, y);
        y = net.Add(name + "/drop_fc", new Dropout(0.7f), y);
        return net.Add(name + "/classifier", new Linear(classes), y);
    }

    internal static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels, int kernel, int stride = 1)
        => net.Add(name, new Conv2d(channels, Window.Square(kernel, stride, kernel / 2)) { Range = OutputRange.ReLU }, x);

    private static Tensor Pool(NetworkBuilder net, string name, Tensor x)
        => net.Add(name, new MaxPool2d(Window.Square(3, stride: 2), CeilMode: true), x);
}
