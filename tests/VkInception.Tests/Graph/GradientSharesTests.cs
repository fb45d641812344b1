using System.Collections.Immutable;
using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Ops;
using VkInception.Graph.Planning;
using VkInception.Graph.Training;

namespace VkInception.Tests.Graph;

/// <summary>Which launches finish the gradient of a tensor with several readers, and who masks it.</summary>
[TestFixture]
public sealed class GradientSharesTests
{
    private static readonly string[] modules = ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"];

    [TestCase(false)]
    [TestCase(true)]
    public void WhatAModuleBeginsWithAddsToItsInputsGradientInOneLaunch(bool checkpointed)
    {
        PlanStep[] steps = [.. PlanOf(GoogLeNet(), checkpointed).Where(s => s.Launch.Kernel == "conv_data")];
        foreach (string module in modules)
        {
            string p = $"inception_{module}/";
            PlanStep[] first = [.. steps.Where(s => new[] { "1x1", "3x3_reduce", "5x5_reduce" }.Any(b => s.Name == p + b))];
            Assert.That(first, Has.Length.EqualTo(1), module);
            Assert.That(first[0].Launch.Tensors.Where(t => t.Name == "dy").Distinct().Count(), Is.EqualTo(3), module);
            Assert.That(first[0].Launch.Tensors[^1].Access, Is.EqualTo(Access.ReadWrite), "the pool came first");
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void NoPassMasksWhatTheLastReaderMasks(bool checkpointed)
    {
        IEnumerable<string> masked = PlanOf(GoogLeNet(), checkpointed)
            .Where(s => s.Launch.Kernel == "conv2d_backward_bias" && s.Launch.Specialization.Single(c => c.Name == "masked").Bits == 1).Select(s => s.Name);
        // A mean is the last to add to the gradients of the modules that the heads read, and to that of the last module.
        string[] own = [.. new[] { "4a", "4d", "5b" }.SelectMany(m => new[] { "1x1", "3x3", "5x5", "pool_proj" }.Select(b => $"inception_{m}/{b}"))];
        Assert.That(masked.Where(n => !n.StartsWith("loss", StringComparison.Ordinal)), Is.EquivalentTo(own));
    }

    [Test]
    public void AGradientIsMaskedBehindAnOperationThatCannot()
    {
        // The sum reads first, so its share comes last: the convolution behind the clamp masks by itself.
        var net = new NetworkBuilder("test");
        Tensor clamped = net.Add("first", new Conv2d(8, Window.Square(3, 1, 1)) { Range = OutputRange.ReLU }, net.Input("x", [2, 4, 6, 6]));
        Tensor sum = net.Add("sum", new Add(), clamped, clamped);
        Tensor other = net.Add("second", new Conv2d(8, Window.Square(1)), clamped);
        Tensor classes = net.Add("classes", new Linear(3), net.Add("flat", new Flatten(), net.Add("all", new Add(), sum, other)));
        PlanStep[] steps = [.. PlanOf(net.Build(classes), false)];
        Assert.That(steps.Single(s => s.Name == "first" && s.Launch.Kernel == "conv2d_backward_bias").Launch.Specialization.Single(c => c.Name == "masked").Bits, Is.EqualTo(1));
        int sumsShare = Array.FindLastIndex(steps, s => s.Name == "sum" && s.Phase == Phase.Backward);
        Assert.That(steps.Single(s => s.Name == "second" && s.Launch.Kernel == "conv_data").Level, Is.LessThan(steps[sumsShare].Level), "the share that was held back is there before the next is added");
    }

    private static Network GoogLeNet() => ModelZoo.Find("googlenet").Build(new ModelOptions());

    private static ImmutableArray<PlanStep> PlanOf(Network network, bool checkpointed)
        => TrainingPlanner.Plan(TrainingNetwork.Create(network, new LossOptions { AuxiliaryWeight = 0.3f }), new SingleKernel(), new TrainingPlanOptions { CheckpointActivations = checkpointed }).Execution.Steps;
}
