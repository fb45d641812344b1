using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>GoogLeNet as BVLC released it in Caffe: the network of "Going Deeper with Convolutions" (1409.4842), Table 1.</summary>
/// <remarks>
/// Input N 3 H W, BGR, mean 104/117/123 subtracted. LRN after the first pool and before the second; pooling rounds up.
/// Outputs: logits (<c>loss3/classifier</c>), and the auxiliary heads' <c>loss1/classifier</c>, <c>loss2/classifier</c> where they fit.
/// Node names are the Caffe layers', so <c>conv1/7x7_s2.weight</c> is a key of the checkpoint; convolutions carry their ReLU.
/// </remarks>
public static class GoogLeNet
{
    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (224 in the paper), classes.</param>
    public static Network Build(ModelOptions options)
    {
        var net = new NetworkBuilder("googlenet");
        Tensor x = net.Input("data", options.InputShape(3, 224));
        x = Conv(net, "conv1/7x7_s2", x, 64, 7, stride: 2);
        x = Pool(net, "pool1/3x3_s2", x);
        x = net.Add("pool1/norm1", new LocalResponseNorm(), x);
        x = Conv(net, "conv2/3x3_reduce", x, 64, 1);
        x = Conv(net, "conv2/3x3", x, 192, 3);
        x = net.Add("conv2/norm2", new LocalResponseNorm(), x);
        x = Pool(net, "pool2/3x3_s2", x);
        x = Inception(net, "3a", x);
        x = Inception(net, "3b", x);
        x = Pool(net, "pool3/3x3_s2", x);
        x = Inception(net, "4a", x);
        Tensor? aux1 = AuxiliaryHead(net, "loss1", x, options.ClassesOr(1000));
        x = Inception(net, "4b", x);
        x = Inception(net, "4c", x);
        x = Inception(net, "4d", x);
        Tensor? aux2 = AuxiliaryHead(net, "loss2", x, options.ClassesOr(1000));
        x = Inception(net, "4e", x);
        x = Pool(net, "pool4/3x3_s2", x);
        x = Inception(net, "5a", x);
        x = Inception(net, "5b", x);
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

    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels, int kernel, int stride = 1)
        => net.Add(name, new Conv2d(channels, Window.Square(kernel, stride, kernel / 2)) { Range = OutputRange.ReLU }, x);

    private static Tensor Pool(NetworkBuilder net, string name, Tensor x)
        => net.Add(name, new MaxPool2d(Window.Square(3, stride: 2), CeilMode: true), x);
}
