using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Ops;
using VkInception.Graph.Planning;
using VkInception.Graph.Rewrites;
using VkInception.Graph.Training;

namespace VkInception.Tests.Graph;

/// <summary>Plans of inference in half precision: what is half, what stays single.</summary>
public sealed class HalfPlanningTests
{
    [TestCase("googlenet")]
    [TestCase("googlenet-torchvision")]
    public void ActivationsAndMultipliedWeightsTakeHalfTheMemory(string name)
    {
        Network network = InferenceNetwork(name);
        ExecutionPlan single = Plan(network, Precision.Single), half = Plan(network, Precision.Half);

        Assert.That(half.ArenaBytes, Is.LessThan(0.51 * single.ArenaBytes));
        Assert.That(half.ParameterBytes, Is.LessThan(0.51 * single.ParameterBytes));
        Assert.That(half.ParameterStorages.Where(s => s.Type == ElementType.Float32).Select(s => s.Parameter!.Shape.Rank), Is.Not.Empty.And.All.EqualTo(1), "biases");
        Assert.That(half.ParameterStorages.Where(s => s.Type == ElementType.Float16).Select(s => s.Parameter!.Shape.Rank), Is.Not.Empty.And.All.GreaterThan(1), "filters and matrices");
    }

    [Test]
    public void InputIsHalfAndOutputSingle()
    {
        Network network = InferenceNetwork("googlenet");
        ExecutionPlan plan = Plan(network, Precision.Half);

        Assert.That(plan.Views[plan.Network.Inputs[0]].Type, Is.EqualTo(ElementType.Float16));
        Assert.That(plan.Views[plan.Network.Outputs[0]].Type, Is.EqualTo(ElementType.Float32));
        Assert.That(plan.Network.Outputs[0].Name, Is.EqualTo(network.Outputs[0].Name));
        Assert.That(plan.Steps[^1].Launch.Module, Is.EqualTo("widen_forward.half"));
    }

    [Test]
    public void ASoftmaxAtTheEndIsSinglePrecisionBehindWhateverChangesItsShape()
    {
        var net = new NetworkBuilder("net");
        Tensor logits = net.Add("conv", new Conv2d(8, Window.Square(1)), net.Input("x", [2, 8, 1, 1]));
        ExecutionPlan plan = Plan(net.Build(net.Add("flat", new Flatten(), net.Add("softmax", new Softmax(), logits))), Precision.Half);

        Assert.That(plan.Steps.Select(s => s.Launch.Module), Is.EqualTo(new[] { "conv.half", "widen_forward.half", "softmax_forward" }));
        Assert.That(plan.Steps[2].Launch.Tensors.Select(t => t.View.Type), Is.All.EqualTo(ElementType.Float32));
    }

    [Test]
    public void LogitsThatSomethingElseReadsStayHalfForIt()
    {
        var net = new NetworkBuilder("net");
        Tensor logits = net.Add("conv", new Conv2d(8, Window.Square(1)), net.Input("x", [2, 8, 1, 1]));
        ExecutionPlan plan = Plan(net.Build(net.Add("sum", new Add(), net.Add("softmax", new Softmax(), logits), logits)), Precision.Half);

        foreach (PlanStep step in plan.Steps.SkipLast(1))
            Assert.That(step.Launch.Tensors.Select(t => t.View.Type), Is.All.EqualTo(ElementType.Float16), step.Name);
        Assert.That(plan.Steps[^1].Launch.Kernel, Is.EqualTo("widen_forward"));
    }

    [Test]
    public void NoLaunchMixesTypesButWhereTheKernelSaysSo()
    {
        foreach (PlanStep step in Plan(InferenceNetwork("googlenet-torchvision"), Precision.Half).Steps.Where(s => s.Launch.Kernel != "widen_forward"))
            Assert.That(step.Launch.Tensors.Where(t => t.Name is "x" or "y" or "w").Select(t => t.View.Type), Is.All.EqualTo(ElementType.Float16), step.Name);
    }

    [Test]
    public void MixedPrecisionIsForTraining()
        => Assert.That(() => Plan(InferenceNetwork("googlenet"), Precision.Mixed), Throws.TypeOf<VkInceptionException>().With.Message.Contains("is for training"));

    private static Network InferenceNetwork(string name)
    {
        Network network = ModelZoo.Find(name).Build(new ModelOptions());
        return Rewrite.ForInference(network.WithOutputs(network.Outputs[0]));
    }

    private static ExecutionPlan Plan(Network network, Precision precision) => Planner.Plan(network, new SingleKernel(), precision);
}
