using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Graph.Rewrites;
using VkInception.Kernels;

namespace VkInception.DeviceTests.Networks;

/// <summary>A classifier moved over a larger image against the same classifier run on every part of it.</summary>
internal sealed class DenseClassifierTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Side = 12;
    private const int Stride = 4;
    private const int Classes = 5;
    private const int Height = Side + Stride, Width = Side + 2 * Stride;
    private static readonly SeededWeights Weights = new(5);

    [Test]
    public void ScoresAreTheMeanOverAllPlaces()
    {
        Network own = Vgg();
        Network dense = DenseClassifier.Apply(own, Height, Width);
        float[] image = Weights.Uniform("image", 3 * Height * Width), scores = Run(dense, image);

        // No layer pads, so the network at a place sees nothing but its part of the image.
        var expected = new double[Classes];
        int places = 0;
        for (int top = 0; top + Side <= Height; top += Stride)
            for (int left = 0; left + Side <= Width; left += Stride, places++)
            {
                float[] here = Run(Rewrite.ForInference(own.WithOutputs(own.Find("fc3"))), Part(image, top, left));
                for (int c = 0; c < Classes; c++) expected[c] += here[c];
            }
        Assert.That(places, Is.EqualTo(6));
        for (int c = 0; c < Classes; c++) Assert.That(scores[c], Is.EqualTo(expected[c] / places).Within(1e-4 * expected.Max(Math.Abs)), $"class {c}");
    }

    [Test]
    public void AtItsOwnSizeItIsTheNetwork()
    {
        Network own = Vgg();
        float[] image = Weights.Uniform("image", 3 * Side * Side);
        float[] dense = Run(DenseClassifier.Apply(own, Side, Side), image), plain = Run(Rewrite.ForInference(own.WithOutputs(own.Find("fc3"))), image);
        Assert.That(dense, Is.EqualTo(plain).Within(1e-4 * plain.Max(Math.Abs)));
    }

    [Test]
    public void ASmallerImageIsRefused()
        => Assert.That(() => DenseClassifier.Apply(Vgg(), Side, Side - 1), Fails(ErrorCode.ShapeMismatch, "smaller"));

    private float[] Run(Network network, float[] image)
    {
        using var compiled = CompiledModel.Create(Device, network, Weights, new ConvolutionKernels(DeviceTraits.Of(Device.Info)));
        return compiled.Run(image);
    }

    private static float[] Part(float[] image, int top, int left)
    {
        var part = new float[3 * Side * Side];
        for (int c = 0; c < 3; c++)
            for (int y = 0; y < Side; y++) image.AsSpan((c * Height + top + y) * Width + left, Side).CopyTo(part.AsSpan((c * Side + y) * Side));
        return part;
    }

    /// <summary>VGG's parts, without padding: two pools halve, an adaptive pool that pools nothing, three linear layers.</summary>
    private static Network Vgg()
    {
        var net = new NetworkBuilder("vgg");
        Tensor x = net.Add("relu1", new ReLU(), net.Add("conv1", new Conv2d(6, Window.Square(1)), net.Input("in", [1, 3, Side, Side])));
        x = net.Add("pool1", new MaxPool2d(Window.Square(2, stride: 2)), x);
        x = net.Add("relu2", new ReLU(), net.Add("bn2", new BatchNorm2d(), net.Add("conv2", new Conv2d(8, Window.Square(1)), x)));
        x = net.Add("adaptive", new AdaptiveAvgPool2d(3, 3), net.Add("pool2", new MaxPool2d(Window.Square(2, stride: 2)), x));
        x = net.Add("relu3", new ReLU(), net.Add("fc1", new Linear(16), net.Add("flat", new Flatten(), x)));
        x = net.Add("relu4", new ReLU(), net.Add("fc2", new Linear(10), net.Add("drop", new Dropout(0.5f), x)));
        return net.Build(net.Add("probabilities", new Softmax(), net.Add("fc3", new Linear(Classes), x)));
    }
}
