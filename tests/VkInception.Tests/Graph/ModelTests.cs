using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Ops;
using VkInception.Graph.Rewrites;

namespace VkInception.Tests.Graph;

[TestFixture]
public sealed class ModelTests
{
    [Test]
    public void GoogLeNetHasThePapersSize()
    {
        Network whole = ModelZoo.Find("googlenet").Build(new ModelOptions());
        Network main = whole.WithOutputs(whole.Outputs[0]);
        Assert.Multiple(() =>
        {
            Assert.That(main.ParameterCount, Is.EqualTo(6_998_552));
            Assert.That(main.MultiplyAdds, Is.EqualTo(1_582_671_872));
            Assert.That(whole.ParameterCount, Is.EqualTo(13_378_280));
            Assert.That(whole.Outputs.Select(t => t.Name), Is.EqualTo(new[] { "loss3/classifier", "loss1/classifier", "loss2/classifier" }));
            Assert.That(whole.Find("inception_5b/output").Shape, Is.EqualTo(Shape.Create([1, 1024, 7, 7])));
        });
    }

    [Test]
    public void TorchvisionsGoogLeNetHasItsSize()
    {
        Network whole = ModelZoo.Find("googlenet-torchvision").Build(new ModelOptions());
        Network main = whole.WithOutputs(whole.Outputs[0]);
        Assert.Multiple(() =>
        {
            Assert.That(main.ParameterCount, Is.EqualTo(6_624_904));
            Assert.That(whole.ParameterCount, Is.EqualTo(13_004_888));
            Assert.That(main.MultiplyAdds, Is.EqualTo(1_498_362_880).Within(1_000_000));
        });
    }

    [Test]
    public void AuxiliaryHeadsAreLeftOutWhereTheyDoNotFit()
    {
        Network small = ModelZoo.Find("googlenet").Build(new ModelOptions(Batch: 2, Height: 64, Width: 64, Classes: 10));
        Assert.That(small.Outputs.Select(t => t.Shape), Is.EqualTo(new[] { Shape.Create([2, 10]) }));
    }

    [Test]
    public void RewritesLeaveOnlyConvolutionsAndPoolsOfTorchvisionsGoogLeNet()
    {
        Network whole = ModelZoo.Find("googlenet-torchvision").Build(new ModelOptions());
        Network rewritten = Rewrite.ForInference(whole.WithOutputs(whole.Outputs[0]));
        Assert.That(rewritten.Nodes.Select(n => n.Op).Where(op => op is BatchNorm2d or ReLU or Dropout), Is.Empty);
        Assert.That(rewritten.Outputs.Single(), Is.SameAs(whole.Outputs[0]));
    }

    [TestCase(true, 3), TestCase(false, 0)]
    public void TrainingFusesClampsAndDerivesNoParameter(bool dropout, int dropouts)
    {
        Network whole = ModelZoo.Find("googlenet-torchvision").Build(new ModelOptions(Batch: 2));
        Network rewritten = Rewrite.ForTraining(whole, dropout);
        Op[] ops = [.. rewritten.Nodes.Select(n => n.Op)];
        Assert.Multiple(() =>
        {
            Assert.That(ops.OfType<BatchNorm2d>().Select(n => n.Range), Is.All.EqualTo(OutputRange.ReLU));
            Assert.That(ops.OfType<ReLU>(), Is.Empty);
            Assert.That(ops.OfType<Dropout>().Count(), Is.EqualTo(dropouts));
            Assert.That(rewritten.Parameters, Is.EqualTo(whole.Parameters));
        });
    }

    [Test]
    public void ARewriteCanBeSwitchedOff()
    {
        Network whole = ModelZoo.Find("googlenet-torchvision").Build(new ModelOptions());
        Assert.Multiple(() =>
        {
            Assert.That(Rewrite.ForInference(whole, ["fold-batch-norm"]).Nodes.Count(n => n.Op is BatchNorm2d), Is.EqualTo(59));
            Assert.That(Rewrite.ForInference(whole, ["all"]), Is.SameAs(whole));
            Assert.That(() => Rewrite.ForInference(whole, ["fold"]), Throws.TypeOf<VkInceptionException>().With.Message.Contains("fold-batch-norm"));
        });
    }

    [Test]
    public void AFetchedTensorSurvivesFusion()
    {
        Network whole = ModelZoo.Find("googlenet-torchvision").Build(new ModelOptions());
        Tensor wanted = whole.Find("conv1.bn");
        Network rewritten = Rewrite.ForInference(whole.WithOutputs(wanted, whole.Outputs[0]));
        Assert.That(rewritten.Nodes.SelectMany(n => n.Outputs), Does.Contain(wanted));
    }

    [Test]
    public void FoldedBatchNormIsTheSameArithmetic()
    {
        var net = new NetworkBuilder("fold");
        Tensor x = net.Add("conv", new Conv2d(2, Window.Square(1), Bias: true), net.Input("in", [1, 1, 1, 1]));
        Network folded = Rewrite.ForInference(net.Build(net.Add("bn", new BatchNorm2d(Epsilon: 0), x)));
        float[] Read(Parameter p) => p.Derive is { } derive ? derive(q => Read(q)).ToArray() : p.Name switch
        {
            "conv.weight" => [2, 3],
            "conv.bias" => [1, -1],
            "bn.weight" => [4, 6],
            "bn.bias" => [0.5f, 0],
            "bn.running_mean" => [3, 1],
            "bn.running_var" => [4, 9],
            _ => throw new InvalidOperationException(p.Name),
        };
        Node node = folded.Nodes.Single();
        Assert.Multiple(() =>
        {
            Assert.That(Read(node.Parameters[0]), Is.EqualTo(new float[] { 4, 6 }));
            Assert.That(Read(node.Parameters[1]), Is.EqualTo(new float[] { -3.5f, -4 }));
        });
    }

    [Test]
    public void UnknownNetworksAreAnsweredWithTheKnownOnes()
        => Assert.That(() => ModelZoo.Find("goglenet"), Throws.TypeOf<VkInceptionException>().With.Message.Contains("googlenet").And.Property("Code").EqualTo(ErrorCode.UnknownModel));
}
