using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Reference;
using VkInception.Visualization;

namespace VkInception.DeviceTests.Visualization;

/// <summary>Class activation maps against differences of the reference in double precision.</summary>
internal sealed class ClassActivationTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Class = 3;
    private static readonly Shape Input = [1, 3, 12, 12];
    private static readonly SeededWeights Weights = new(77);
    private static readonly float[] Image = Weights.Uniform("image", (int)Input.Count);

    [Test]
    public void GradCamWeighsMapsByTheirMeanGradient()
    {
        Network network = Deep();
        ClassActivationMap map = ClassActivation.Compute(Device, network, Weights, Image, new ClassActivationOptions { Node = "conv2", Class = Class, Method = ActivationMethod.GradCam });

        // A bias of the convolution moves its whole map.
        Dictionary<string, Values> values = Evaluate(network, 0, 0);
        Shape maps = network.Find("conv2").Shape;
        int area = maps.H * maps.W;
        var expected = new double[area];
        for (int k = 0; k < maps.C; k++)
        {
            const double Step = 1e-5;
            double slope = (Evaluate(network, k, Step)["fc2"].Data[Class] - Evaluate(network, k, -Step)["fc2"].Data[Class]) / (2 * Step) / area;
            for (int i = 0; i < area; i++) expected[i] += slope * values["conv2"].Data[k * area + i];
        }
        double largest = expected.Max(Math.Abs);
        Assert.That((map.Height, map.Width, map.Node, map.Class), Is.EqualTo((maps.H, maps.W, "conv2", Class)));
        Assert.That(expected, Has.Some.GreaterThan(0));
        for (int i = 0; i < area; i++) Assert.That(map.Values[i], Is.EqualTo(Math.Max(0, expected[i])).Within(1e-4 * largest), $"place {i}");
        double[] scores = values["fc2"].Data;
        Assert.That(map.Probability, Is.EqualTo(Math.Exp(scores[Class]) / scores.Sum(Math.Exp)).Within(1e-5));
    }

    [Test]
    public void CamAndGradCamAgreeWhereBothApply()
    {
        Network network = Pooled();
        ClassActivationMap cam = Map(ActivationMethod.Automatic), gradients = Map(ActivationMethod.GradCam);

        Assert.That((cam.Method, gradients.Method), Is.EqualTo((ActivationMethod.Cam, ActivationMethod.GradCam)));
        int area = cam.Values.Length;
        float largest = cam.Values.Max(Math.Abs);
        for (int i = 0; i < area; i++) Assert.That(gradients.Values[i] * area, Is.EqualTo(Math.Max(0, cam.Values[i])).Within(1e-4 * largest), $"place {i}");

        ClassActivationMap Map(ActivationMethod method) => ClassActivation.Compute(Device, network, Weights, Image, new ClassActivationOptions { Class = Class, Method = method });
    }

    [Test]
    public void WhatCannotBeIsSaid()
    {
        Assert.That(() => ClassActivation.Compute(Device, Deep(), Weights, Image, new ClassActivationOptions { Method = ActivationMethod.Cam }), Fails(ErrorCode.InvalidArgument, "take Grad-CAM"));
        Assert.That(() => ClassActivation.Compute(Device, Pooled(), Weights, Image, new ClassActivationOptions { Class = 5 }), Fails(ErrorCode.InvalidArgument, "0 to 4"));
    }

    /// <summary>Two linear layers, and batch norms that no convolution can take in: behind a pool, and behind a clamp that a concatenation reads.</summary>
    private static Network Deep()
    {
        var net = new NetworkBuilder("deep");
        Tensor x = net.Add("relu1", new ReLU(), net.Add("conv1", new Conv2d(6, Window.Square(3, padding: 1)), net.Input("in", Input)));
        x = net.Add("pool1", new MaxPool2d(Window.Square(2, stride: 2)), x);
        x = net.Add("relu2", new ReLU(), net.Add("conv2", new Conv2d(8, Window.Square(3, padding: 1)), x));
        x = net.Add("join", new Concat(), x, net.Add("norm2", new BatchNorm2d(), x));
        x = net.Add("relu3", new ReLU(), net.Add("norm3", new BatchNorm2d(), net.Add("pool2", new MaxPool2d(Window.Square(2, stride: 2)), x)));
        x = net.Add("relu4", new ReLU(), net.Add("fc1", new Linear(10), net.Add("flat", new Flatten(), x)));
        return net.Build(net.Add("probabilities", new Softmax(), net.Add("fc2", new Linear(5), net.Add("drop", new Dropout(0.5f), x))));
    }

    private static Network Pooled()
    {
        var net = new NetworkBuilder("pooled");
        Tensor x = net.Add("bn1", new BatchNorm2d(), net.Add("conv1", new Conv2d(8, Window.Square(3, stride: 2, padding: 1)), net.Input("in", Input)));
        x = net.Add("pool", new GlobalAvgPool2d(), net.Add("relu1", new ReLU(), x));
        return net.Build(net.Add("fc", new Linear(5), net.Add("flat", new Flatten(), x)));
    }

    private static Dictionary<string, Values> Evaluate(Network network, int map, double moved)
    {
        Dictionary<string, Values> parameters = network.Parameters.ToDictionary(p => p.Name, p => Values.Of(p.Shape, Weights.Read(p).Span));
        parameters["conv2.bias"].Data[map] += moved;
        var inputs = new Dictionary<string, Values> { ["in"] = Values.Of(Input, Image) };
        return References.Evaluate(network, inputs, parameters).ToDictionary(v => v.Key, v => v.Value);
    }
}
