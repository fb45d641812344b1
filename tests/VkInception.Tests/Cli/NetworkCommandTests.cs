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
        Invocation summary = await Invocation.RunAsync("summary", "googlenet");

        Assert.That(summary.Output, Does.Contain("inception_3a/3x3_reduce").And.Contain("6,998,552 parameters").And.Contain("1.583 G multiply-adds"));
        Assert.That(summary.Output, Does.Not.Contain("│"), "a pipe gets plain text");
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
