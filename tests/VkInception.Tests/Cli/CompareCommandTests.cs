using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using NUnit.Framework;
using VkInception.Cli.Documents;
using VkInception.Cli.Tables;

namespace VkInception.Tests.Cli;

/// <summary><c>compare</c>.</summary>
public class CompareCommandTests
{
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("vkinception").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task FiguresAreThoseOfTheNetworks()
    {
        Invocation compare = await Invocation.RunAsync("compare", "vgg16", "googlenet", "alexnet-bvlc", "--json");

        JsonElement[] compared = [.. compare.Json.EnumerateArray()];
        Assert.That(compare.ExitCode, Is.Zero);
        Assert.Multiple(() =>
        {
            Assert.That(compared.Select(c => c.GetProperty("model").GetString()), Is.EqualTo(new[] { "vgg16", "googlenet", "alexnet-bvlc" }));
            Assert.That(compared.Select(c => c.GetProperty("parameters").GetInt64()), Is.EqualTo(new[] { 138_357_544L, 6_998_552, 60_965_224 }));
            // The input, the convolutions of five stages, their pools, torchvision's adaptive pool (7×7 to 7×7), three linear layers.
            Assert.That(compared[0].GetProperty("activationBytes").GetInt64(), Is.EqualTo(4L * (150_528
                + (2 * 64 * 224 * 224) + (2 * 128 * 112 * 112) + (3 * 256 * 56 * 56) + (3 * 512 * 28 * 28) + (3 * 512 * 14 * 14)
                + (64 * 112 * 112) + (128 * 56 * 56) + (256 * 28 * 28) + (512 * 14 * 14) + (2 * 512 * 7 * 7) + 4096 + 4096 + 1000)));
            Assert.That(compared.Select(c => c.GetProperty("trainingActivationBytes").GetInt64()), Is.EqualTo(compared.Select(c => 2 * c.GetProperty("activationBytes").GetInt64())));
            Assert.That(compared, Has.All.Matches<JsonElement>(c => c.GetProperty("arenaBytes").GetInt64() < c.GetProperty("activationBytes").GetInt64()), "blocks are shared by lifetime");
            Assert.That(compared, Has.All.Matches<JsonElement>(c => c.GetProperty("trainingArenaBytes").GetInt64() > 0 && c.GetProperty("medianMs").ValueKind == JsonValueKind.Null));
        });
    }

    [Test]
    public async Task TableCsvAndChartAreWritten()
    {
        string csv = Path.Combine(folder, "networks.csv"), chart = Path.Combine(folder, "networks.svg");

        Invocation compare = await Invocation.RunAsync("compare", "lenet5", "resnet20-cifar", "--csv", csv, "--chart", chart);

        string[] lines = await File.ReadAllLinesAsync(csv);
        XElement svg = XDocument.Load(chart).Root!;
        Assert.Multiple(() =>
        {
            Assert.That(compare.ExitCode, Is.Zero);
            Assert.That(compare.Output, Does.Contain("lenet5 has 4.4 times fewer parameters and takes 97.4 times fewer multiply-adds than resnet20-cifar."));
            Assert.That(lines.Select(l => l.Split(',').Length).Distinct(), Is.EqualTo(new[] { 12 }));
            Assert.That(lines[1], Does.StartWith("lenet5,1998,1x32x32,61706,416520,"));
            Assert.That(svg.Descendants().Where(e => e.Name.LocalName == "text").Select(t => t.Value), Does.Contain("lenet5").And.Contain("resnet20-cifar").And.Contain("0.27"));
        });
    }

    [Test]
    public void BarsAreInProportionAndNamesAreEscaped()
    {
        CompareDocument Network(string name, long parameters) => new(name, 2014, [3, 8, 8], parameters, 1, 1, 2, 1, 1, null, null, null, null);

        XElement svg = XDocument.Parse(CompareChart.Draw([Network("<a&b>.onnx", 1_000_000), Network("b", 4_000_000)])).Root!;

        double[] bars = [.. svg.Elements().Where(e => e.Attribute("class")?.Value == "bar").Take(2).Select(e => double.Parse(e.Attribute("width")!.Value, CultureInfo.InvariantCulture))];
        Assert.That(bars[1], Is.EqualTo(4 * bars[0]).Within(0.05));
        Assert.That(svg.Elements().Select(e => e.Value), Does.Contain("<a&b>.onnx"));
    }

    [Test]
    public async Task AnUnknownNetworkIsOneLine()
    {
        Invocation compare = await Invocation.RunAsync("compare", "googlenet", "vgg17");

        Assert.That(compare.ExitCode, Is.EqualTo(1));
        Assert.That(compare.ErrorLines, Has.Length.EqualTo(1).And.All.Contains("vgg1"));
    }
}
