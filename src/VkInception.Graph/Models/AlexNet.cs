using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>AlexNet as torchvision builds it: the one-column variant of "One weird trick" (1404.5997), without LRN and grouping.</summary>
/// <remarks>Input N 3 H W, RGB, at least 63×63. Node names are the modules' paths, so parameters carry the state_dict's keys; convolutions and linear layers carry their ReLU.</remarks>
public static class AlexNet
{
    internal static ModelCard Card { get; } = new(
        "alexnet", "AlexNet as torchvision builds it: one column, no LRN", "One weird trick for parallelizing convolutional neural networks, arXiv 1404.5997", 2014,
        ImageInput.Torchvision, "56.522 / 79.066", "alexnet-owt-7be5be79.pth of torchvision", [], Build)
    {
        Parameters = 61_100_840,
        MultiplyAdds = 714_188_480,
        Top1 = 56.522,
        Top5 = 79.066,
    };

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (224), classes.</param>
    public static Network Build(ModelOptions options)
    {
        var net = new NetworkBuilder("alexnet");
        Tensor x = net.Input("input", options.InputShape(3, 224));
        x = Conv(net, "features.0", x, 64, 11, stride: 4, padding: 2);
        x = Pool(net, "features.2", x);
        x = Conv(net, "features.3", x, 192, 5, padding: 2);
        x = Pool(net, "features.5", x);
        x = Conv(net, "features.6", x, 384, 3, padding: 1);
        x = Conv(net, "features.8", x, 256, 3, padding: 1);
        x = Conv(net, "features.10", x, 256, 3, padding: 1);
        x = Pool(net, "features.12", x);
        x = net.Add("avgpool", new AdaptiveAvgPool2d(6, 6), x);
        x = net.Add("flatten", new Flatten(), x);
        x = net.Add("classifier.0", new Dropout(0.5f), x);
        x = net.Add("classifier.1", new Linear(4096) { Range = OutputRange.ReLU }, x);
        x = net.Add("classifier.3", new Dropout(0.5f), x);
        x = net.Add("classifier.4", new Linear(4096) { Range = OutputRange.ReLU }, x);
        x = net.Add("classifier.6", new Linear(options.ClassesOr(1000)), x);
        net.Alias("logits", x);
        return net.Build(x);
    }

    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels, int kernel, int stride = 1, int padding = 0)
        => net.Add(name, new Conv2d(channels, Window.Square(kernel, stride, padding)) { Range = OutputRange.ReLU }, x);

    private static Tensor Pool(NetworkBuilder net, string name, Tensor x) => net.Add(name, new MaxPool2d(Window.Square(3, stride: 2)), x);
}
