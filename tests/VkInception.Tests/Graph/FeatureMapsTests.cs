using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Attribution;
using VkInception.Graph.Models;
using VkInception.Graph.Ops;
using VkInception.Graph.Training;

namespace VkInception.Tests.Graph;

/// <summary>The maps that class activation maps are made of, in the networks of the zoo; nothing runs.</summary>
[TestFixture]
public sealed class FeatureMapsTests
{
    [TestCase("googlenet", true, 1024, 7)]
    [TestCase("googlenet-torchvision", true, 1024, 7)]
    [TestCase("resnet18", true, 512, 7)]
    [TestCase("densenet121", true, 1024, 7)]
    [TestCase("squeezenet1_1", true, 1000, 13)]
    [TestCase("inception_v3", true, 2048, 8)]
    [TestCase("alexnet", false, 256, 13)]
    [TestCase("vgg11", false, 512, 14)]
    public void TheLastMapsBeforeTheClassifierAreFound(string name, bool pooled, int maps, int side)
    {
        FeatureMaps features = FeatureMaps.Of(ModelZoo.Find(name).Build(new ModelOptions()));

        Assert.That((features.Maps.Shape.C, features.Maps.Shape.H, features.Maps.Shape.W), Is.EqualTo((maps, side, side)));
        Assert.That(features.IsPooled, Is.EqualTo(pooled));
        Assert.That(features.ClassWeights?.Shape[1], Is.EqualTo(pooled && maps != 1000 ? maps : null));
    }

    [TestCase("densenet121")]
    [TestCase("resnet18")]
    public void NoBatchNormIsLeftThatABatchCouldMove(string name)
        => Assert.That(FeatureMaps.Of(ModelZoo.Find(name).Build(new ModelOptions())).Network.Nodes.Select(n => n.Op), Has.None.InstanceOf<BatchNorm2d>());

    [TestCase("googlenet")]
    [TestCase("alexnet")]
    [TestCase("densenet121")]
    [TestCase("squeezenet1_1")]
    public void TheBackwardPassEndsAtTheMaps(string name)
    {
        FeatureMaps features = FeatureMaps.Of(ModelZoo.Find(name).Build(new ModelOptions(1, 224, 224)));
        ScoreProbe probe = ScoreProbe.Create(features, 7);
        TrainingPlan plan = TrainingPlanner.Plan(probe.Training, new SingleKernel(), new TrainingPlanOptions { IsFrozen = p => p != probe.Bias });

        Assert.That(plan.Parameters.Slots.Where(s => s.IsTrained).Select(s => s.Parameter), Is.EqualTo(new[] { probe.Bias }));
        Assert.That(plan.Execution.Steps.Count(s => s.Kernel == "conv_filter"), Is.Zero, "no other gradient is computed");
    }

    [Test]
    public void ANodeOfAnotherKindIsRefused()
    {
        Network network = ModelZoo.Find("alexnet").Build(new ModelOptions());
        Assert.That(() => FeatureMaps.Of(network, "nowhere"), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.UnknownNode));
        Assert.That(() => FeatureMaps.Of(network, network.Outputs[0].Name), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.ShapeMismatch));
        Assert.That(() => FeatureMaps.Of(network, network.Inputs[0].Name), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.InvalidArgument));
        Assert.That(() => ScoreProbe.Create(FeatureMaps.Of(network), 1000), Throws.TypeOf<VkInceptionException>().With.Message.Contains("0 to 999"));
    }
}
