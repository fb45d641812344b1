using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>Network in Network (1312.4400) for ImageNet, as its authors released it in Caffe: 1×1 convolutions after each spatial one, and global average pooling in place of fully connected layers.</summary>
/// <remarks>Input N 3 H W, BGR, mean subtracted. Node names are the Caffe layers', so <c>cccp1.weight</c> is a key of the checkpoint; convolutions carry their ReLU, the last one too.</remarks>
public static class NetworkInNetwork
{
    internal static ModelCard Card { get; } = new(
        "nin", "Network in Network for ImageNet: 1×1 convolutions, global average pooling", "Network In Network, arXiv 1312.4400", 2013,
        ImageInput.Bvlc, "59.36 top-1", "nin_imagenet.caffemodel, NIN-Imagenet of Caffe's model zoo", [], Build)
    {
        Parameters = 7_595_176,
        MultiplyAdds = 1_100_188_800,
        Top1 = 59.36,
    };

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (224), classes.</param>
    public static Network Build(ModelOptions options)
    {
        var net = new NetworkBuilder("nin");
        int classes = options.ClassesOr(1000);
        Tensor x = net.Input("data", options.InputShape(3, 224));
        x = Conv(net, "conv1", x, 96, Window.Square(11, stride: 4));
        x = Mix(net, x, ("cccp1", 96), ("cccp2", 96));
        x = Pool(net, "pool0", x);
        x = Conv(net, "conv2", x, 256, Window.Square(5, padding: 2));
        x = Mix(net, x, ("cccp3", 256), ("cccp4", 256));
        x = Pool(net, "pool2", x);
        x = Conv(net, "conv3", x, 384, Window.Square(3, padding: 1));
        x = Mix(net, x, ("cccp5", 384), ("cccp6", 384));
        x = Pool(net, "pool3", x);
        x = net.Add("drop", new Dropout(0.5f), x);
        x = Conv(net, "conv4-1024", x, 1024, Window.Square(3, padding: 1));
        x = Mix(net, x, ("cccp7-1024", 1024), ("cccp8-1024", classes));
        x = net.Add("pool4", new GlobalAvgPool2d(), x);
        x = net.Add("flatten", new Flatten(), x);
        net.Alias("logits", x);
        return net.Build(x);
    }

    /// <summary>The paper's cascaded cross-channel parametric pooling: a small network at every pixel.</summary>
    private static Tensor Mix(NetworkBuilder net, Tensor x, params (string Name, int Channels)[] layers)
        => layers.Aggregate(x, (y, layer) => Conv(net, layer.Name, y, layer.Channels, Window.Square(1)));

    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels, Window window)
        => net.Add(name, new Conv2d(channels, window) { Range = OutputRange.ReLU }, x);

    private static Tensor Pool(NetworkBuilder net, string name, Tensor x) => net.Add(name, new MaxPool2d(Window.Square(3, stride: 2), CeilMode: true), x);
}
