using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>AlexNet as BVLC released it in Caffe: the two columns of "ImageNet Classification with Deep Convolutional Neural Networks" as groups, and LRN.</summary>
/// <remarks>
/// Input N 3 227 227, BGR, mean 104/117/123 subtracted. LRN adds to 1, where the paper adds to 2. Node names are the Caffe layers', so
/// <c>conv1.weight</c> is a key of the checkpoint; convolutions carry their ReLU.
/// </remarks>
public static class AlexNetBvlc
{
    internal static ModelCard Card { get; } = new(
        "alexnet-bvlc", "AlexNet as BVLC released it: two groups, LRN", "ImageNet Classification with Deep Convolutional Neural Networks, NIPS 2012", 2012,
        ImageInput.Bvlc with { Width = 227, Height = 227 }, "57.1 / 80.2", "bvlc_alexnet.caffemodel of Caffe's model zoo", [], Build)
    {
        Parameters = 60_965_224,
        MultiplyAdds = 724_406_816,
        Top1 = 57.1,
        Top5 = 80.2,
    };

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (227), classes.</param>
    public static Network Build(ModelOptions options)
    {
        var net = new NetworkBuilder("alexnet-bvlc");
        Tensor x = net.Input("data", options.InputShape(3, 227));
        x = Conv(net, "conv1", x, 96, Window.Square(11, stride: 4));
        x = net.Add("norm1", new LocalResponseNorm(), x);
        x = Pool(net, "pool1", x);
        x = Conv(net, "conv2", x, 256, Window.Square(5, padding: 2), groups: 2);
        x = net.Add("norm2", new LocalResponseNorm(), x);
        x = Pool(net, "pool2", x);
        x = Conv(net, "conv3", x, 384, Window.Square(3, padding: 1));
        x = Conv(net, "conv4", x, 384, Window.Square(3, padding: 1), groups: 2);
        x = Conv(net, "conv5", x, 256, Window.Square(3, padding: 1), groups: 2);
        x = Pool(net, "pool5", x);
        x = net.Add("flatten", new Flatten(), x);
        x = net.Add("fc6", new Linear(4096) { Range = OutputRange.ReLU }, x);
        x = net.Add("drop6", new Dropout(0.5f), x);
        x = net.Add("fc7", new Linear(4096) { Range = OutputRange.ReLU }, x);
        x = net.Add("drop7", new Dropout(0.5f), x);
        x = net.Add("fc8", new Linear(options.ClassesOr(1000)), x);
        net.Alias("logits", x);
        return net.Build(x);
    }

    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels, Window window, int groups = 1)
        => net.Add(name, new Conv2d(channels, window, groups) { Range = OutputRange.ReLU }, x);

    private static Tensor Pool(NetworkBuilder net, string name, Tensor x) => net.Add(name, new MaxPool2d(Window.Square(3, stride: 2), CeilMode: true), x);
}
