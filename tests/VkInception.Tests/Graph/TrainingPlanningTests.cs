using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Ops;
using VkInception.Graph.Planning;
using VkInception.Graph.Training;

namespace VkInception.Tests.Graph;

/// <summary>The plan of a training step, without a device.</summary>
[TestFixture]
public sealed class TrainingPlanningTests
{
    private static readonly string[] modules = ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"];

    [TestCase("googlenet", false)]
    [TestCase("googlenet", true)]
    [TestCase("googlenet-torchvision", false)]
    [TestCase("googlenet-torchvision", true)]
    public void WholeNetworksReadOnlyWhatWasWrittenAndWaitForIt(string name, bool checkpointed)
    {
        TrainingPlan plan = PlanOf(Zoo(name), new TrainingPlanOptions { Optimizer = Optimizer.Parse("sgd"), Average = true, CheckpointActivations = checkpointed });
        AssertSound(plan);
    }

    [Test]
    public void TheTraceSeesWhatIsMissing()
    {
        TrainingPlan plan = PlanOf(Zoo("googlenet"), new TrainingPlanOptions { Optimizer = Optimizer.Parse("sgd") });
        PlanStep[] steps = [.. plan.Execution.Steps];
        int last = Array.FindLastIndex(steps, s => s.BarrierBefore), loss = Array.FindIndex(steps, s => s.Phase == Phase.Backward);

        PlanStep[] withoutBarrier = [.. steps];
        withoutBarrier[last] = steps[last] with { BarrierBefore = false };
        Assert.Multiple(() =>
        {
            Assert.That(Trace(plan).Run(withoutBarrier).Races, Is.Not.Empty);
            Assert.That(Trace(plan).Run([.. steps[..loss], .. steps[(loss + 1)..]]).Unwritten, Is.Not.Empty);
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public void EveryTrainedParametersGradientIsWrittenBeforeTheUpdate(bool checkpointed)
    {
        TrainingPlan plan = PlanOf(Zoo("googlenet"), new TrainingPlanOptions { Optimizer = Optimizer.Parse("adamw"), CheckpointActivations = checkpointed });
        MemoryTrace trace = Trace(plan).Run(plan.Execution.Steps.TakeWhile(s => s.Phase != Phase.Update));

        ParameterSlot[] trained = [.. plan.Parameters.Slots.Where(s => s.IsTrained)];
        Assert.That(trained, Has.Length.EqualTo(128), "64 layers, weight and bias");
        Assert.That(trained.Where(s => !trace.IsWritten(plan.Parameters.GradientOf(s.Parameter))).Select(s => s.Parameter.Name), Is.Empty);
        int update = plan.Execution.Steps.First(s => s.Phase == Phase.Update).Level;
        Assert.That(plan.Execution.Steps.Where(s => s.Phase != Phase.Update && s.Launch.Tensors.Any(t => t.View.Storage == plan.Parameters.Gradients && t.Access != Access.Read)).Max(s => s.Level), Is.LessThan(update));
    }

    [TestCase("googlenet", false)]
    [TestCase("googlenet", true)]
    [TestCase("googlenet-torchvision", true)]
    public void BlocksAliveTogetherNeverOverlap(string name, bool checkpointed)
    {
        ExecutionPlan plan = PlanOf(Zoo(name), new TrainingPlanOptions { CheckpointActivations = checkpointed }).Execution;
        var overlapping = new List<string>();
        for (int i = 0; i < plan.Blocks.Length; i++)
            foreach (PlacedBlock b in plan.Blocks.AsSpan()[(i + 1)..])
            {
                PlacedBlock a = plan.Blocks[i];
                if (a.FirstLevel <= b.LastLevel && b.FirstLevel <= a.LastLevel && a.Offset < b.Offset + b.Bytes && b.Offset < a.Offset + a.Bytes) overlapping.Add($"{a} and {b}");
            }
        Assert.That(overlapping, Is.Empty);
    }

    [Test]
    public void BranchGradientsAreSlicesOfTheConcatenations()
    {
        ExecutionPlan plan = PlanOf(Zoo("googlenet")).Execution;
        Assert.That(plan.Steps.Where(s => s.Node?.Op is Concat), Is.Empty, "nothing is copied, in neither direction");
        foreach (string module in modules)
        {
            string p = $"inception_{module}/";
            TensorView[] dy = [.. new[] { "1x1", "3x3", "5x5", "pool_proj" }.Select(branch => plan.Steps.First(s => s.Name == p + branch && s.Phase == Phase.Backward)
                .Launch.Tensors.First(t => t.View.Storage.Name == $"d {p}output").View)];
            Assert.That(dy.Select(v => v.Storage).Distinct().Count(), Is.EqualTo(1), module);
            Assert.That(dy.Select(v => v.Offset), Is.EqualTo(dy.Select((_, i) => (long)dy[..i].Sum(v => v.Shape.C))), module);
            Assert.That(dy.Sum(v => v.Shape.C), Is.EqualTo(dy[0].RowStride), module);
        }
    }

    [Test]
    public void WhatIsNotKeptIsComputedAgainOnceAndLate()
    {
        TrainingPlan kept = PlanOf(Zoo("googlenet")), plan = PlanOf(Zoo("googlenet"), new TrainingPlanOptions { CheckpointActivations = true });
        Assert.That(plan.Execution.ArenaBytes, Is.LessThan(kept.Execution.ArenaBytes * 0.75));

        ILookup<Node, PlanStep> again = plan.Execution.Steps.Where(s => s.Phase == Phase.Recompute).ToLookup(s => s.Node!), forward = plan.Execution.Steps.Where(s => s.Phase == Phase.Forward).ToLookup(s => s.Node!);
        Assert.That(again.Select(n => n.Key.Name), Does.Contain("conv1/7x7_s2").And.Contain("inception_3a/3x3_reduce").And.No.Member("inception_3a/output"));
        foreach (IGrouping<Node, PlanStep> node in again)
            Assert.That(node.Select(s => s.Launch.Kernel), Is.EqualTo(forward[node.Key].Select(s => s.Launch.Kernel)), node.Key.Name);

        foreach ((string module, string next) in modules.Zip(modules[1..]))
        {
            int[] levels = [.. Of(Phase.Recompute, module)];
            if (levels.Length == 0) continue;
            Assert.That(levels.Min(), Is.GreaterThan(Of(Phase.Backward, next).Min()), $"inception_{module} is computed again when the gradient is past the beginning of inception_{next}'s");
        }

        IEnumerable<int> Of(Phase phase, string module) => plan.Execution.Steps.Where(s => s.Phase == phase && s.Name.StartsWith($"inception_{module}/", StringComparison.Ordinal)).Select(s => s.Level);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void FrozenParametersCutTheBackwardPass(bool checkpointed)
    {
        TrainingPlan plan = PlanOf(Zoo("googlenet", auxiliary: 0), new TrainingPlanOptions
        {
            Optimizer = Optimizer.Parse("sgd"),
            IsFrozen = p => !p.Name.StartsWith("inception_5b/5x5.", StringComparison.Ordinal) && !p.Name.StartsWith("loss3/", StringComparison.Ordinal),
            CheckpointActivations = checkpointed,
        });
        PlanStep[] backward = [.. plan.Execution.Steps.Where(s => s.Phase == Phase.Backward)];
        Assert.That(backward.Select(s => s.Name).Distinct(), Is.EquivalentTo(new[] { "loss3/classifier loss", "loss3/classifier", "pool5/drop_7x7_s1", "pool5/7x7_s1", "inception_5b/5x5" }));
        Assert.That(backward.Where(s => s.Name == "inception_5b/5x5").Select(s => s.Launch.Kernel), Has.None.EqualTo("conv_data"), "nothing before it is trained");
        Assert.That(plan.Parameters.Slots.Count(s => s.IsTrained), Is.EqualTo(4));
        AssertSound(plan);
    }

    [Test]
    public void NothingLeftToTrainIsAnError()
        => Assert.That(() => PlanOf(Zoo("googlenet"), new TrainingPlanOptions { IsFrozen = _ => true }),
            Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.InvalidArgument).And.Message.Contains("frozen"));

    [Test]
    public void TheGradientsOfTwoReadersAddUp()
    {
        var net = new NetworkBuilder("readers");
        Tensor x = net.Add("x", new Conv2d(8, Window.Square(3, padding: 1)), net.Input("in", [2, 3, 6, 6]));
        Tensor a = net.Add("a", new Conv2d(8, Window.Square(1)), x), twice = net.Add("twice", new Concat(), x, x);
        Tensor b = net.Add("b", new Conv2d(8, Window.Square(1)), twice), sum = net.Add("sum", new Add(), a, b);
        TrainingPlan plan = PlanOf(TrainingNetwork.Create(net.Build(net.Add("y", new Linear(4), net.Add("flat", new Flatten(), sum))), new LossOptions()));

        KernelTensor[] written = [.. plan.Execution.Steps.SelectMany(s => s.Launch.Tensors).Where(t => t.View.Storage.Name == "d x" && t.Access != Access.Read)];
        Assert.That(written.Select(t => t.Access), Is.EqualTo(new[] { Access.Write, Access.ReadWrite, Access.ReadWrite }), "a and, twice, the concatenation");
        AssertSound(plan);
    }

    [Test]
    public void AParameterOfTwoNodesAddsUpToo()
    {
        var net = new NetworkBuilder("shared");
        Tensor x = net.Input("in", [2, 4, 6, 6]);
        Node first = net.Add("first", new Conv2d(4, Window.Square(1)), [x], null);
        Node second = net.Add("second", new Conv2d(4, Window.Square(1)), [first.Output], [.. first.Parameters]);
        TrainingPlan plan = PlanOf(TrainingNetwork.Create(net.Build(net.Add("y", new Linear(4), net.Add("flat", new Flatten(), second.Output))), new LossOptions()), new TrainingPlanOptions { Optimizer = Optimizer.Parse("sgd") });

        TensorView gradient = plan.Parameters.GradientOf(first.Parameters[0]);
        Access[] written = [.. plan.Execution.Steps.Where(s => s.Phase == Phase.Backward).SelectMany(s => s.Launch.Tensors).Where(t => t.View == gradient && t.Access != Access.Read).Select(t => t.Access)];
        Assert.That(written, Is.EqualTo(new[] { Access.Write, Access.ReadWrite }));
        AssertSound(plan);
    }

    [Test]
    public void DroppedHeadsLeaveNothingBehind()
    {
        TrainingPlan plan = PlanOf(Zoo("googlenet", auxiliary: 0));
        Assert.That(plan.Training.Heads, Has.Length.EqualTo(1));
        Assert.That(plan.Parameters.Slots.Select(s => s.Parameter.Name), Has.None.StartsWith("loss1/").And.None.StartsWith("loss2/"));
        Assert.That(PlanOf(Zoo("googlenet")).Training.Heads.Select(h => (h.Logits.Name, h.Weight)), Is.EqualTo(new[] { ("loss3/classifier", 1f), ("loss1/classifier", 0.3f), ("loss2/classifier", 0.3f) }));
    }

    private static void AssertSound(TrainingPlan plan)
    {
        MemoryTrace trace = Trace(plan).Run(plan.Execution.Steps);
        Assert.Multiple(() =>
        {
            Assert.That(trace.Races, Is.Empty, "touched without a barrier");
            Assert.That(trace.Unwritten, Is.Empty, "read before it is written");
        });
    }

    private static MemoryTrace Trace(TrainingPlan plan)
    {
        ParameterSpace space = plan.Parameters;
        Storage[] full = [space.Weights, plan.Step, .. plan.Update is { } update ? [update.Multipliers, .. update.States, .. update.Average is { } average ? (Storage[])[average] : []] : (Storage[])[]];
        var trace = new MemoryTrace(plan.Execution, full);
        ParameterSlot[] trained = [.. space.Slots.Where(s => s.IsTrained)];
        for (int i = 0; i < trained.Length; i++)
            trace.Own(space.Gradients, trained[i].Offset + trained[i].Parameter.Shape.Count, i + 1 < trained.Length ? trained[i + 1].Offset : space.TrainedElements);
        return trace;
    }

    private static TrainingNetwork Zoo(string name, float auxiliary = 0.3f) => TrainingNetwork.Create(ModelZoo.Find(name).Build(new ModelOptions()), new LossOptions { AuxiliaryWeight = auxiliary });

    private static TrainingPlan PlanOf(TrainingNetwork network, TrainingPlanOptions? options = null) => TrainingPlanner.Plan(network, new SingleKernel(), options);
}
