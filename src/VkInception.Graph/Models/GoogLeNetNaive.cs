using VkInception.Graph.Ops;

namespace VkInception.Graph.Models;

/// <summary>GoogLeNet with naive Inception modules (1409.4842, figure 2a): what the paper's 1×1 reductions save.</summary>
/// <remarks>
/// Everything else is BVLC's GoogLeNet. Without a projection behind its pool, a module hands on all channels that it was given beside those
/// that it makes: 192 grow to 4944.
/// </remarks>
public static class GoogLeNetNaive
{
    internal static ModelCard Card { get; } = GoogLeNet.Card with
    {
        Name = "googlenet-naive",
        Title = "GoogLeNet with naive Inception modules, to compare cost: no 1×1 reductions",
        Published = "none: the paper draws it (figure 2a) and dismisses it",
        Weights = "none were released",
        Build = Build,
        Parameters = 97_526_008,
        MultiplyAdds = 12_568_061_056,
        Top1 = null,
        Top5 = null,
    };

    /// <summary>Builds the network for a batch of images of one size.</summary>
    /// <param name="options">Batch, image size (224), classes.</param>
    public static Network Build(ModelOptions options) => GoogLeNet.Build("googlenet-naive", options, Inception);

    private static Tensor Inception(NetworkBuilder net, string name, Tensor x)
    {
        InceptionWidths w = InceptionWidths.Table[name];
        string p = $"inception_{name}/";
        return net.Add(
            p + "output", new Concat(),
            GoogLeNet.Conv(net, p + "1x1", x, w.C1, 1), GoogLeNet.Conv(net, p + "3x3", x, w.C3, 3), GoogLeNet.Conv(net, p + "5x5", x, w.C5, 5),
            net.Add(p + "pool", new MaxPool2d(Window.Square(3, stride: 1, padding: 1), CeilMode: true), x));
    }
}
