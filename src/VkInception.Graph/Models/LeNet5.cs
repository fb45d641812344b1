using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>LeNet-5: "Gradient-Based Learning Applied to Document Recognition" (1998), with today's layers in place of its own.</summary>
/// <remarks>
/// Input N 1 32 32, grey. ReLU stands for the scaled tanh, average pools without weights for the trained subsampling, full connections for the
/// sparse ones of C3 (the paper's Table I), a linear classifier for the radial basis functions. Node names are the paper's layers.
/// </remarks>
public static class LeNet5
{
    internal static ModelCard Card { get; } = new(
        "lenet5", "LeNet-5 for digits, with ReLU and full connections", "Gradient-Based Learning Applied to Document Recognition, Proc. IEEE 86(11)", 1998,
        new ImageInput(32, 32, ResizeMode.Warp, 32, ChannelOrder.Gray, [0.5f], [0.5f], 1f / 255), "99.05 top-1 on MNIST (the paper's, with its own layers)",
        "none were released; train --data on MNIST's or Fashion-MNIST's idx files makes them", [], Build)
    {
        Parameters = 61_706,
        MultiplyAdds = 416_520,
        Top1 = 99.05,
    };

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (32), classes (10).</param>
    public static Network Build(ModelOptions options)
    {
        var net = new NetworkBuilder("lenet5");
        Tensor x = net.Input("input", options.InputShape(1, 32));
        x = Conv(net, "c1", x, 6);
        x = net.Add("s2", new AvgPool2d(Window.Square(2, stride: 2)), x);
        x = Conv(net, "c3", x, 16);
        x = net.Add("s4", new AvgPool2d(Window.Square(2, stride: 2)), x);
        x = net.Add("flatten", new Flatten(), x);
        x = net.Add("c5", new Linear(120) { Range = OutputRange.ReLU }, x);
        x = net.Add("f6", new Linear(84) { Range = OutputRange.ReLU }, x);
        x = net.Add("output", new Linear(options.ClassesOr(10)), x);
        net.Alias("logits", x);
        return net.Build(x);
    }

    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels)
        => net.Add(name, new Conv2d(channels, Window.Square(5)) { Range = OutputRange.ReLU }, x);
}
