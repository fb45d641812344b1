using System.Text.Json;
using NUnit.Framework;

namespace VkInception.Tests.Cli;

/// <summary><c>models</c> and <c>summary</c>.</summary>
public class NetworkCommandTests
{
    [Test]
    public async Task GoogLeNetHasThePapersParametersAndMultiplyAdds()
    {
        Invocation summary = await Invocation.RunAsync("summary", "googlenet", "--json");

        Assert.That(summary.ExitCode, Is.Zero);
        Assert.That(summary.Json.GetProperty("parameters").GetInt64(), Is.EqualTo(6_998_552));
        Assert.That(summary.Json.GetProperty("multiplyAdds").GetInt64(), Is.EqualTo(1_582_671_872));
    }

    [Test]
    public async Task LayersAddUpToTheTotals()
    {
        Invocation summary = await Invocation.RunAsync("--json", "summary", "googlenet-torchvision");

        JsonElement[] layers = [.. summary.Json.GetProperty("layers").EnumerateArray()];
        Assert.That(layers.Sum(l => l.GetProperty("parameters").GetInt64()), Is.EqualTo(summary.Json.GetProperty("parameters").GetInt64()));
        Assert.That(layers.Sum(l => l.GetProperty("multiplyAdds").GetInt64()), Is.EqualTo(summary.Json.GetProperty("multiplyAdds").GetInt64()));
        Assert.That(layers.Select(l => l.GetProperty("name").GetString()), Has.None.StartsWith("aux"));
    }

    [Test]
    public async Task TheTableNamesEveryLayerAndTheTotals()
    {
        Invocation summary = await Invocation.RunAsync("summary", "googlenet", "--layers");

        Assert.That(summary.Output, Does.Contain("inception_3a/3x3_reduce").And.Contain("6,998,552 parameters").And.Contain("1.583 G multiply-adds"));
        Assert.That(summary.Output, Does.Not.Contain("│"), "a pipe gets plain text");
    }

    [Test]
    public async Task GoogLeNetsTableIsThePapersWithItsFiguresWhereTheyDiffer()
    {
        Invocation summary = await Invocation.RunAsync("summary", "googlenet");

        string[] lines = summary.Output.Split('\n');
        string Row(string type) => lines.First(l => l.StartsWith(type, StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(lines[0].Split("  ", StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
            {
                "type", "patch/stride", "output", "depth", "#1×1", "#3×3 reduce", "#3×3", "#5×5 reduce", "#5×5", "pool proj", "params", "ops", "paper's params", "paper's ops",
            }).Using<string>((a, b) => a.Trim() == b.Trim()));
            Assert.That(Cells(Row("inception (3a)")), Is.EqualTo(new[] { "inception (3a)", "28×28×256", "2", "64", "96", "128", "16", "32", "32", "163,696", "128.05 M" }), "as in the paper, so the paper is silent");
            Assert.That(Cells(Row("inception (5a)"))[^2..], Is.EqualTo(new[] { "1072K (1018K)", "54M (51.1M)" }));
            Assert.That(Cells(Row("convolution")), Does.Contain("112×112×64").And.Contain("2.7K (9.2K)").And.Contain("34M (118M)"));
            Assert.That(lines.Count(l => l.StartsWith("inception (", StringComparison.Ordinal)), Is.EqualTo(9));
        });

        static string[] Cells(string row) => row.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    [TestCase("resnet50", "layer3.1 to layer3.5  5 × (1×1 256, 3×3 pad 1 256, 1×1 1024)", "25,557,032 parameters")]
    [TestCase("vgg16", "features.24 to features.28  3 × 3×3 pad 1 512", "138,357,544 parameters")]
    [TestCase("densenet121", "features.denseblock3  48 convolutions", "7,978,856 parameters")]
    [TestCase("alexnet-bvlc", "conv2  5×5 pad 2 256 in 2 groups  256×27×27", "60,965,224 parameters")]
    public async Task OtherNetworksAreToldBlockByBlock(string model, string row, string total)
    {
        Invocation summary = await Invocation.RunAsync("summary", model);

        string[] words = row.Split("  ");
        string line = summary.Output.Split('\n').Single(l => l.StartsWith(words[0] + " ", StringComparison.Ordinal));
        Assert.That(words, Is.All.Matches<string>(line.Contains));
        Assert.That(summary.Output, Does.Contain(total));
    }

    [Test]
    public async Task EveryNetworkIsListed()
    {
        Invocation models = await Invocation.RunAsync("models", "--json");

        Assert.That(models.Json.EnumerateArray().Select(m => m.GetProperty("name").GetString()), Is.SupersetOf(new[]
        {
            "googlenet", "googlenet-torchvision", "googlenet-naive", "inception_v2", "inception_v3", "inception_v4", "lenet5", "alexnet", "alexnet-bvlc", "nin",
            "vgg11", "vgg13", "vgg16", "vgg19", "vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn", "resnet18", "resnet34", "resnet50", "resnet101", "resnet152",
            "resnet20-cifar", "resnet32-cifar", "resnet44-cifar", "resnet56-cifar", "resnet110-cifar", "squeezenet1_0", "squeezenet1_1",
            "densenet121", "densenet161", "densenet169", "densenet201",
        }));
        Assert.That(models.Json.EnumerateArray().Single(m => m.GetProperty("name").GetString() == "lenet5").GetProperty("inputShape").EnumerateArray().Select(d => d.GetInt32()), Is.EqualTo(new[] { 1, 32, 32 }));
    }

    [Test]
    public async Task AnUnknownNetworkIsOneLineWithTheClosestNames()
    {
        Invocation unknown = await Invocation.RunAsync("summary", "gogglenet");

        Assert.That(unknown.ExitCode, Is.EqualTo(1));
        Assert.That(unknown.Output, Is.Empty);
        Assert.That(unknown.ErrorLines, Has.Length.EqualTo(1).And.All.Contains("googlenet"));
    }

    [TestCase("missing.onnx")]
    [TestCase("missing.prototxt")]
    public async Task AMissingNetworkFileIsOneLineThatNamesIt(string file)
    {
        Invocation missing = await Invocation.RunAsync("summary", file, "--json");

        Assert.That(missing.ExitCode, Is.EqualTo(1));
        Assert.That(missing.Output, Is.Empty);
        Assert.That(missing.ErrorLines, Has.Length.EqualTo(1).And.All.Contains(file));
    }
}
