using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Ops;
using VkInception.Graph.Rewrites;

namespace VkInception.Tests.Graph;

/// <summary>Another number of classes for networks as they come from files.</summary>
[TestFixture]
public sealed class ReplaceClassifierTests
{
    [Test]
    public void AZooNetworkGetsWhatItsBuilderGives()
    {
        Network own = ModelZoo.Find("googlenet-torchvision").Build(new ModelOptions(2)), wanted = ModelZoo.Find("googlenet-torchvision").Build(new ModelOptions(2, Classes: 7));
        Network replaced = ReplaceClassifier.Apply(own, 7);

        Assert.That(replaced.Outputs[0].Shape, Is.EqualTo(wanted.Outputs[0].Shape));
        Assert.That(replaced.Nodes.Select(n => n.Name), Is.EqualTo(own.Nodes.Select(n => n.Name)));
        Parameter[] changed = [.. replaced.Parameters.Except(own.Parameters)];
        Assert.That(changed.Select(p => $"{p}"), Is.EqualTo(new[] { "fc.weight 7×1024", "fc.bias 7" }));
    }

    /// <summary>As exporters write it: the classifier's output reshaped to a fixed N×classes, softmax behind; a batch as large as the classes stays a batch.</summary>
    [TestCase(1)]
    [TestCase(4)]
    [TestCase(10)]
    public void AFixedReshapeFollows(int batch)
    {
        var net = new NetworkBuilder("exported");
        Tensor x = net.Add("conv", new Conv2d(8, Window.Square(3)), net.Input("in", [batch, 3, 8, 8]));
        x = net.Add("flat", new Reshape([batch, 288]), x);
        x = net.Add("fc", new Linear(10), x);
        x = net.Add("out", new Reshape([batch, 10]), x);
        Network replaced = ReplaceClassifier.Apply(net.Build(net.Add("prob", new Softmax(1), x)), 3);

        Assert.That(replaced.Outputs[0].Shape, Is.EqualTo(Shape.Create([batch, 3])));
        Assert.That(replaced.Parameters.Single(p => p.Name == "fc.weight").Shape, Is.EqualTo(Shape.Create([3, 288])));
    }

    [TestCase(1)]
    [TestCase(10)]
    public void AConvolutionUnderAPoolIsOneToo(int batch)
    {
        var net = new NetworkBuilder("squeeze");
        Tensor x = net.Add("final", new Conv2d(10, Window.Square(1)), net.Input("in", [batch, 6, 5, 5]));
        x = net.Add("pool", new GlobalAvgPool2d(), net.Add("relu", new ReLU(), x));
        Network network = net.Build(net.Add("logits", new Reshape([batch, 10, 1, 1]), x));
        Network replaced = ReplaceClassifier.Apply(network, 4);

        Assert.That(ReplaceClassifier.Classifier(network)!.Name, Is.EqualTo("final"));
        Assert.That(replaced.Outputs[0].Shape, Is.EqualTo(Shape.Create([batch, 4, 1, 1])));
        Assert.That(replaced.Parameters.Select(p => $"{p}"), Is.EqualTo(new[] { "final.weight 4×6×1×1", "final.bias 4" }));
    }

    [Test]
    public void ValuesOfTheOldClassifierAreGone()
    {
        var net = new NetworkBuilder("file");
        Tensor x = net.Input("in", [1, 6]);
        Parameter weight = new("w", [5, 6]) { Value = new float[30] }, bias = new("b", [5]) { Value = new float[5] };
        Network network = net.Build(net.Add("fc", new Linear(5), [x], [weight, bias]).Output);

        Assert.That(ReplaceClassifier.Apply(network, 5), Is.SameAs(network));
        Assert.That(ReplaceClassifier.Apply(network, 0), Is.SameAs(network));
        Assert.That(ReplaceClassifier.Apply(network, 2).Parameters.Select(p => (p.Name, p.Value is null)), Is.EqualTo(new[] { ("w", true), ("b", true) }));
    }

    [Test]
    public void WithoutALayerToReplaceThereIsOneLine()
    {
        var net = new NetworkBuilder("sum");
        Tensor a = net.Input("a", [1, 6]);
        Network network = net.Build(net.Add("y", new Add(), a, a));
        Assert.That(() => ReplaceClassifier.Apply(network, 3), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.UnsupportedOperator).And.Message.Not.Contains("\n"));
    }
}
