using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Planning;
using VkInception.Graph.Rewrites;
using VkInception.Graph.Training;
using VkInception.Tests.House;

namespace VkInception.Tests.Graph;

/// <summary>Every network of the zoo against what is published of it; nothing runs.</summary>
[TestFixture]
public sealed class ModelZooTests
{
    private static IEnumerable<string> Names => ModelZoo.All.Select(c => c.Name);

    /// <summary>GFLOPS (multiply-adds, 10^9) that torchvision states for its released weights.</summary>
    private static readonly Dictionary<string, double> PublishedGiga = new()
    {
        ["alexnet"] = 0.714,
        ["vgg11"] = 7.609,
        ["vgg13"] = 11.308,
        ["vgg16"] = 15.47,
        ["vgg19"] = 19.632,
        ["vgg16_bn"] = 15.47,
        ["resnet18"] = 1.814,
        ["resnet34"] = 3.664,
        ["resnet50"] = 4.089,
        ["resnet101"] = 7.801,
        ["resnet152"] = 11.514,
        ["densenet121"] = 2.834,
        ["densenet161"] = 7.728,
        ["densenet169"] = 3.36,
        ["densenet201"] = 4.291,
        ["inception_v3"] = 5.713,
        ["googlenet-torchvision"] = 1.498,
        ["squeezenet1_0"] = 0.819,
        ["squeezenet1_1"] = 0.349,
    };

    [Test]
    public void TheCardStatesWhatIsBuilt([ValueSource(nameof(Names))] string name)
    {
        ModelCard card = ModelZoo.Find(name);
        Network whole = card.Build(new ModelOptions());
        Network main = whole.WithOutputs(whole.Outputs[0]);
        Shape input = whole.Inputs[0].Shape;
        Assert.Multiple(() =>
        {
            Assert.That(main.Name, Is.EqualTo(name));
            Assert.That(main.ParameterCount, Is.EqualTo(card.Parameters));
            Assert.That(main.MultiplyAdds, Is.EqualTo(card.MultiplyAdds));
            Assert.That((input.H, input.W), Is.EqualTo((card.Input.Height, card.Input.Width)));
            Assert.That(card.Input.Mean, Has.Count.EqualTo(input.C));
            Assert.That(whole.Outputs.Select(o => o.Shape.Rank), Is.All.EqualTo(2));
            Assert.That(whole.Find("logits"), Is.SameAs(whole.Outputs[0]));
        });
    }

    [Test]
    public void MultiplyAddsAreThePublishedOnes()
    {
        foreach ((string name, double giga) in PublishedGiga)
            Assert.That(ModelZoo.Find(name).MultiplyAdds / 1e9, Is.EqualTo(giga).Within(0.0006), name);
    }

    /// <summary>Keys and shapes of torchvision's state_dicts (Golden/make_keys.py), counters left out.</summary>
    [Test]
    public void KeysAndShapesAreTheReferences()
    {
        foreach (string line in File.ReadLines(Repository.PathOf("tests/VkInception.Tests/Graph/Golden/keys.txt")))
        {
            string[] words = line.Split(' ');
            string[] keys = [.. ModelZoo.Find(words[0]).Build(new ModelOptions()).Parameters.Select(p => $"{p.Name} {string.Join('x', p.Shape.Dims)}\n").Order(StringComparer.Ordinal)];
            string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(keys))));
            Assert.That($"{words[0]} {keys.Length} {hash}", Is.EqualTo(line));
        }
    }

    /// <summary>Every module's output and every parameter of the published PyTorch modules (make_zoo_golden.py of the device tests).</summary>
    [Test]
    public void InceptionV2IsThePublishedModules()
    {
        Network network = ModelZoo.Find("inception_v2").Build(new ModelOptions());
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("tests/VkInception.Tests/Graph/Golden/inception_v2.shapes.json")));
        Assert.Multiple(() =>
        {
            Assert.That(network.ParameterCount, Is.EqualTo(golden.RootElement.GetProperty("parameters").GetInt64()));
            foreach (JsonProperty output in golden.RootElement.GetProperty("outputs").EnumerateObject())
                Assert.That(network.Find(output.Name).Shape.Dims, Is.EqualTo(output.Value.EnumerateArray().Select(d => d.GetInt32())), output.Name);
            Assert.That(
                network.Parameters.Select(p => $"{p.Name} {p.Shape}").Order(),
                Is.EqualTo(golden.RootElement.GetProperty("keys").EnumerateObject().Select(k => $"{k.Name} {Shape.Create([.. k.Value.EnumerateArray().Select(d => d.GetInt32())])}").Order()));
        });
    }

    [Test]
    public void AnotherSizeBatchAndNumberOfClassesAreBuilt([ValueSource(nameof(Names))] string name)
    {
        ModelCard card = ModelZoo.Find(name);
        int side = Math.Max(card.Input.Width / 2, 32);
        Network network = card.Build(new ModelOptions(3, side, side, 7));
        Assert.That(network.Outputs.Select(o => o.Shape), Is.All.EqualTo(Shape.Create([3, 7])));
    }

    [Test]
    public void InferenceAndTrainingCanBePlanned([ValueSource(nameof(Names))] string name)
    {
        ModelCard card = ModelZoo.Find(name);
        int side = Math.Max(card.Input.Width / 2, 32);
        Network network = card.Build(new ModelOptions(2, side, side, 7));
        ExecutionPlan plan = Planner.Plan(Rewrite.ForInference(network.WithOutputs(network.Outputs[0])), new SingleKernel());
        TrainingPlan training = TrainingPlanner.Plan(TrainingNetwork.Create(network, new LossOptions { AuxiliaryWeight = card.AuxiliaryLossWeight }), new SingleKernel(), new TrainingPlanOptions());
        Assert.Multiple(() =>
        {
            Assert.That(plan.ArenaBytes, Is.Positive);
            Assert.That(training.Execution.ArenaBytes, Is.GreaterThan(plan.ArenaBytes));
        });
    }

    [Test]
    public void DenseNetsJoinsAreNotCopied()
    {
        Network network = ModelZoo.Find("densenet121").Build(new ModelOptions());
        ExecutionPlan plan = Planner.Plan(Rewrite.ForInference(network.WithOutputs(network.Outputs[0])), new SingleKernel());
        Assert.That(plan.Steps.Where(s => s.Name.EndsWith(".joined", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void NaiveModulesCostWhatThePaperAvoids()
    {
        ModelCard naive = ModelZoo.Find("googlenet-naive"), paper = ModelZoo.Find("googlenet");
        Network network = naive.Build(new ModelOptions());
        Assert.Multiple(() =>
        {
            Assert.That(network.Find("inception_3a/output").Shape.C, Is.EqualTo(64 + 128 + 32 + 192));
            Assert.That(network.Find("inception_5b/output").Shape.C, Is.EqualTo(4944));
            Assert.That(naive.MultiplyAdds, Is.GreaterThan(7 * paper.MultiplyAdds));
        });
    }
}
