using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Ops;
using VkInception.Graph.Planning;
using VkInception.Graph.Rewrites;
using VkInception.Tests.House;

namespace VkInception.Tests.Graph;

[TestFixture]
public sealed class PlanningTests
{
    private static ExecutionPlan PlanOf(Network network) => Planner.Plan(network, new SingleKernel());

    private static ExecutionPlan GoogLeNetPlan()
    {
        Network network = ModelZoo.Find("googlenet").Build(new ModelOptions());
        return PlanOf(Rewrite.ForInference(network.WithOutputs(network.Outputs[0])));
    }

    /// <summary>The golden file is what PlanText wrote when the plan was last read and found right; a change of plan shows as a diff.</summary>
    [TestCase("googlenet")]
    [TestCase("googlenet-torchvision")]
    public void ThePlanIsTheOneOnRecord(string name)
    {
        Network network = ModelZoo.Find(name).Build(new ModelOptions());
        string actual = PlanText.Of(PlanOf(Rewrite.ForInference(network.WithOutputs(network.Outputs[0]))));
        string golden = Repository.PathOf($"tests/VkInception.Tests/Graph/Golden/{name}.plan.txt");
        string written = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{name}.plan.txt");
        File.WriteAllText(written, actual);
        Assert.That(File.ReadAllText(golden), Is.EqualTo(actual), $"the plan changed; if it is right, {written} is the new record");
    }

    [Test]
    public void GoogLeNetsActivationsFitInSixMegabytes()
        => Assert.That(GoogLeNetPlan().ArenaBytes, Is.LessThanOrEqualTo(6_000_000));

    [Test]
    public void BlocksInUseAtTheSameTimeNeverOverlap()
    {
        ExecutionPlan plan = GoogLeNetPlan();
        foreach (PlacedBlock a in plan.Blocks)
            foreach (PlacedBlock b in plan.Blocks)
            {
                if (ReferenceEquals(a.Storage, b.Storage)) continue;
                bool sameTime = a.FirstLevel <= b.LastLevel && b.FirstLevel <= a.LastLevel;
                bool sameBytes = a.Offset < b.Offset + b.Bytes && b.Offset < a.Offset + a.Bytes;
                Assert.That(sameTime && sameBytes, Is.False, $"{a} and {b}");
            }
    }

    [Test]
    public void InceptionBranchesShareTwoLevelsAndWriteTheirSlices()
    {
        ExecutionPlan plan = GoogLeNetPlan();
        PlanStep[] module = [.. plan.Steps.Where(s => s.Name.StartsWith("inception_3a/", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            Assert.That(module.Select(s => s.Level).Distinct().Count(), Is.EqualTo(2));
            Assert.That(module.Count(s => s.BarrierBefore), Is.EqualTo(2), "one barrier per level");
            Assert.That(module.Select(s => s.Node!.Op.Type), Has.None.EqualTo("Concat"), "nothing is copied");
        });
        Storage[] written = [.. module.Where(s => s.Level == module[^1].Level || s.Name.EndsWith("/1x1", StringComparison.Ordinal))
            .Select(s => s.Launch.Tensors.Single(t => t.Access == Access.Write).View.Storage).Distinct()];
        Assert.That(written, Has.Length.EqualTo(1), "four branches, one block");
    }

    [Test]
    public void EveryLaunchReadsWhatIsWrittenOrFed()
    {
        ExecutionPlan plan = GoogLeNetPlan();
        HashSet<Storage> known = [plan.Views[plan.Network.Inputs[0]].Storage];
        foreach (PlanStep step in plan.Steps)
            foreach (KernelTensor t in step.Launch.Tensors)
            {
                if (t.Access == Access.Write) known.Add(t.View.Storage);
                else if (t.View.Storage.Parameter is null) Assert.That(known, Does.Contain(t.View.Storage), step.Name);
            }
    }

    [TestCase("googlenet")]
    [TestCase("googlenet-torchvision")]
    public void NoElementIsTouchedTwiceWithoutABarrierUnlessOnlyRead(string name)
    {
        Network network = ModelZoo.Find(name).Build(new ModelOptions());
        ExecutionPlan plan = PlanOf(Rewrite.ForInference(network.WithOutputs(network.Outputs[0])));

        Assert.That(plan.Barriers, Is.Positive);
        MemoryTrace trace = new MemoryTrace(plan, plan.ParameterStorages).Run(plan.Steps);
        Assert.That(trace.Races, Is.Empty);
        Assert.That(trace.Unwritten, Is.Empty);
        // The check itself sees the one that is missing.
        PlanStep last = plan.Steps.Last(s => s.BarrierBefore);
        Assert.That(new MemoryTrace(plan).Run(plan.Steps.Replace(last, last with { BarrierBefore = false })).Races, Is.EqualTo(new[] { $"{last.Name} {last.Work}" }));
    }

    [Test]
    public void DenselyConnectedConcatenationsShareOneBlock()
    {
        var net = new NetworkBuilder("dense");
        Tensor x0 = net.Add("x0", new ReLU(), net.Input("in", [1, 8, 4, 4]));
        Tensor x1 = net.Add("x1", new Conv2d(4, Window.Square(1)), x0);
        Tensor c1 = net.Add("c1", new Concat(), x0, x1);
        Tensor x2 = net.Add("x2", new Conv2d(4, Window.Square(1)), c1);
        Tensor c2 = net.Add("c2", new Concat(), c1, x2);
        ExecutionPlan plan = PlanOf(net.Build(net.Add("y", new ReLU(), c2)));
        Assert.Multiple(() =>
        {
            Assert.That(plan.Steps.Select(s => s.Node!.Op.Type), Has.None.EqualTo("Concat"));
            Assert.That(new[] { x0, x1, x2, c1, c2 }.Select(t => plan.Views[t].Storage).Distinct().Count(), Is.EqualTo(1));
            Assert.That(plan.Views[x2].Offset, Is.EqualTo(12));
            Assert.That(plan.Views[c1].RowStride, Is.EqualTo(16));
        });
    }

    [Test]
    public void ATensorJoinedTwiceIsCopiedOnce()
    {
        var net = new NetworkBuilder("twice");
        Tensor x = net.Add("x", new ReLU(), net.Input("in", [1, 4, 2, 2]));
        ExecutionPlan plan = PlanOf(net.Build(net.Add("y", new Concat(), x, x)));
        Assert.That(plan.Steps.Count(s => s.Name == "y"), Is.EqualTo(1));
    }

    [Test]
    public void FlattenOfOnePixelIsNoWorkAndOfManyIsOne()
    {
        foreach ((int side, int expected) in new[] { (1, 0), (3, 1) })
        {
            var net = new NetworkBuilder("flatten");
            Tensor x = net.Add("x", new ReLU(), net.Input("in", [2, 4, side, side]));
            ExecutionPlan plan = PlanOf(net.Build(net.Add("y", new Flatten(), x)));
            Assert.That(plan.Steps.Count(s => s.Name == "y"), Is.EqualTo(expected), $"side {side}");
        }
    }

    [Test]
    public void AShapeErrorNamesTheNode()
    {
        var net = new NetworkBuilder("wrong");
        Tensor a = net.Input("a", [1, 4, 5, 5]), b = net.Input("b", [1, 4, 6, 6]);
        Assert.That(() => net.Add("join", new Concat(), a, b), Throws.TypeOf<VkInceptionException>().With.Message.Contains("join").And.Property("Code").EqualTo(ErrorCode.ShapeMismatch));
    }

    [Test]
    public void AnUnknownNodeIsAnsweredWithCloseNames()
    {
        Network network = ModelZoo.Find("googlenet").Build(new ModelOptions());
        Assert.That(() => network.Find("inception_3a/3x3_reduction"), Throws.TypeOf<VkInceptionException>().With.Message.Contains("inception_3a/3x3_reduce"));
    }
}
