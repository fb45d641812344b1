using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>The convolution of the later Inception networks: no bias, batch norm (eps 1e-3), ReLU.</summary>
internal static class BasicConv2d
{
    public static Tensor Add(NetworkBuilder net, string name, Tensor x, int channels, Window window)
    {
        x = net.Add(name + ".conv", new Conv2d(channels, window, Bias: false), x);
        x = net.Add(name + ".bn", new BatchNorm2d(Epsilon: 1e-3f), x);
        return net.Add(name + ".relu", new ReLU(), x);
    }
}
