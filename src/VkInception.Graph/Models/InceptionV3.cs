using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>Inception v3 as torchvision builds it: "Rethinking the Inception Architecture for Computer Vision" (1512.00567).</summary>
/// <remarks>
/// Input N 3 299 299, RGB. Node names are the modules' paths, so parameters carry the state_dict's keys.
/// Outputs: logits (<c>fc</c>), and the batch-normalized auxiliary head's <c>AuxLogits.fc</c> where it fits.
/// The released weights were trained with <c>transform_input</c>, which amounts to mean 0.5 and deviation 0.5 in place of ImageNet's;
/// the graph leaves it to the preprocessing, as torchvision's constructor does by default.
/// </remarks>
public static class InceptionV3
{
    internal static ModelCard Card { get; } = new(
        "inception_v3", "Inception v3: factorized convolutions, batch-normalized auxiliary head", "Rethinking the Inception Architecture for Computer Vision, arXiv 1512.00567", 2015,
        ImageInput.Torchvision with { Width = 299, Height = 299, ResizeTo = 342 }, "77.294 / 93.450",
        "inception_v3_google-0cc3c7bd.pth of torchvision, ported from TensorFlow; trained with transform_input, so classify with --mean 0.5,0.5,0.5 --std 0.5,0.5,0.5. TF-slim's and Keras' checkpoints fit too",
        ["AuxLogits."], Build)
    {
        Parameters = 23_834_568,
        MultiplyAdds = 5_713_216_096,
        Top1 = 77.294,
        Top5 = 93.450,
        AuxiliaryLossWeight = 0.4f,
    };

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (299, at least 75), classes.</param>
    public static Network Build(ModelOptions options)
    {
        var net = new NetworkBuilder("inception_v3");
        int classes = options.ClassesOr(1000);
        Tensor x = net.Input("input", options.InputShape(3, 299));
        x = Conv(net, "Conv2d_1a_3x3", x, 32, Window.Square(3, stride: 2));
        x = Conv(net, "Conv2d_2a_3x3", x, 32, Window.Square(3));
        x = Conv(net, "Conv2d_2b_3x3", x, 64, Window.Same(3, 3));
        x = Pool(net, "maxpool1", x);
        x = Conv(net, "Conv2d_3b_1x1", x, 80, Window.Square(1));
        x = Conv(net, "Conv2d_4a_3x3", x, 192, Window.Square(3));
        x = Pool(net, "maxpool2", x);
        x = ModuleA(net, "Mixed_5b", x, pooled: 32);
        x = ModuleA(net, "Mixed_5c", x, pooled: 64);
        x = ModuleA(net, "Mixed_5d", x, pooled: 64);
        x = ReductionB(net, "Mixed_6a", x);
        x = ModuleC(net, "Mixed_6b", x, width: 128);
        x = ModuleC(net, "Mixed_6c", x, width: 160);
        x = ModuleC(net, "Mixed_6d", x, width: 160);
        x = ModuleC(net, "Mixed_6e", x, width: 192);
        Tensor? auxiliary = AuxiliaryHead(net, x, classes);
        x = ReductionD(net, "Mixed_7a", x);
        x = ModuleE(net, "Mixed_7b", x);
        x = ModuleE(net, "Mixed_7c", x);
        x = net.Add("avgpool", new GlobalAvgPool2d(), x);
        x = net.Add("dropout", new Dropout(0.5f), x);
        x = net.Add("flatten", new Flatten(), x);
        x = net.Add("fc", new Linear(classes), x);
        net.Alias("logits", x);
        return auxiliary is null ? net.Build(x) : net.Build(x, auxiliary);
    }

    /// <summary>Figure 5: 5×5 beside two 3×3, as torchvision keeps it.</summary>
    private static Tensor ModuleA(NetworkBuilder net, string name, Tensor x, int pooled) => net.Add(
        name, new Concat(),
        Branch(net, x, (name + ".branch1x1", 64, Window.Square(1))),
        Branch(net, x, (name + ".branch5x5_1", 48, Window.Square(1)), (name + ".branch5x5_2", 64, Window.Same(5, 5))),
        Branch(net, x, (name + ".branch3x3dbl_1", 64, Window.Square(1)), (name + ".branch3x3dbl_2", 96, Window.Same(3, 3)), (name + ".branch3x3dbl_3", 96, Window.Same(3, 3))),
        Pooled(net, name, x, pooled));

    /// <summary>Figure 10: convolutions of stride 2 beside a pool.</summary>
    private static Tensor ReductionB(NetworkBuilder net, string name, Tensor x) => net.Add(
        name, new Concat(),
        Branch(net, x, (name + ".branch3x3", 384, Window.Square(3, stride: 2))),
        Branch(net, x, (name + ".branch3x3dbl_1", 64, Window.Square(1)), (name + ".branch3x3dbl_2", 96, Window.Same(3, 3)), (name + ".branch3x3dbl_3", 96, Window.Square(3, stride: 2))),
        Pool(net, name + ".branch_pool", x));

    /// <summary>Figure 6 with n = 7: 1×7 and 7×1.</summary>
    private static Tensor ModuleC(NetworkBuilder net, string name, Tensor x, int width) => net.Add(
        name, new Concat(),
        Branch(net, x, (name + ".branch1x1", 192, Window.Square(1))),
        Branch(net, x, (name + ".branch7x7_1", width, Window.Square(1)), (name + ".branch7x7_2", width, Window.Same(1, 7)), (name + ".branch7x7_3", 192, Window.Same(7, 1))),
        Branch(
            net, x, (name + ".branch7x7dbl_1", width, Window.Square(1)), (name + ".branch7x7dbl_2", width, Window.Same(7, 1)), (name + ".branch7x7dbl_3", width, Window.Same(1, 7)),
            (name + ".branch7x7dbl_4", width, Window.Same(7, 1)), (name + ".branch7x7dbl_5", 192, Window.Same(1, 7))),
        Pooled(net, name, x, 192));

    private static Tensor ReductionD(NetworkBuilder net, string name, Tensor x) => net.Add(
        name, new Concat(),
        Branch(net, x, (name + ".branch3x3_1", 192, Window.Square(1)), (name + ".branch3x3_2", 320, Window.Square(3, stride: 2))),
        Branch(
            net, x, (name + ".branch7x7x3_1", 192, Window.Square(1)), (name + ".branch7x7x3_2", 192, Window.Same(1, 7)), (name + ".branch7x7x3_3", 192, Window.Same(7, 1)),
            (name + ".branch7x7x3_4", 192, Window.Square(3, stride: 2))),
        Pool(net, name + ".branch_pool", x));

    /// <summary>Figure 7: the filter banks widen, 1×3 beside 3×1.</summary>
    private static Tensor ModuleE(NetworkBuilder net, string name, Tensor x)
    {
        Tensor narrow = Branch(net, x, (name + ".branch3x3_1", 384, Window.Square(1)));
        Tensor deep = Branch(net, x, (name + ".branch3x3dbl_1", 448, Window.Square(1)), (name + ".branch3x3dbl_2", 384, Window.Same(3, 3)));
        return net.Add(
            name, new Concat(),
            Branch(net, x, (name + ".branch1x1", 320, Window.Square(1))),
            Split(net, name + ".branch3x3_2", narrow), Split(net, name + ".branch3x3dbl_3", deep),
            Pooled(net, name, x, 192));
    }

    private static Tensor Split(NetworkBuilder net, string name, Tensor x)
        => net.Add(name, new Concat(), Conv(net, name + "a", x, 384, Window.Same(1, 3)), Conv(net, name + "b", x, 384, Window.Same(3, 1)));

    private static Tensor Pooled(NetworkBuilder net, string name, Tensor x, int channels)
        => Conv(net, name + ".branch_pool", net.Add(name + ".avg_pool", new AvgPool2d(Window.Square(3, padding: 1)), x), channels, Window.Square(1));

    /// <summary>Average 5×5/3, 1×1 to 128, 5×5 to 768, mean, classifier, each convolution batch-normalized; null where the windows do not fit.</summary>
    private static Tensor? AuxiliaryHead(NetworkBuilder net, Tensor x, int classes)
    {
        if (x.Shape.H < 17 || x.Shape.W < 17) return null;
        Tensor y = net.Add("AuxLogits.pool", new AvgPool2d(Window.Square(5, stride: 3)), x);
        y = Conv(net, "AuxLogits.conv0", y, 128, Window.Square(1));
        y = Conv(net, "AuxLogits.conv1", y, 768, Window.Square(5));
        y = net.Add("AuxLogits.mean", new GlobalAvgPool2d(), y);
        y = net.Add("AuxLogits.flatten", new Flatten(), y);
        return net.Add("AuxLogits.fc", new Linear(classes), y);
    }

    private static Tensor Branch(NetworkBuilder net, Tensor x, params (string Name, int Channels, Window Window)[] convolutions)
        => convolutions.Aggregate(x, (y, c) => Conv(net, c.Name, y, c.Channels, c.Window));

    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels, Window window) => BasicConv2d.Add(net, name, x, channels, window);

    private static Tensor Pool(NetworkBuilder net, string name, Tensor x) => net.Add(name, new MaxPool2d(Window.Square(3, stride: 2)), x);
}
