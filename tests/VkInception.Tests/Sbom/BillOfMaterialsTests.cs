using System.Security.Cryptography;
using System.Text.Json;
using NUnit.Framework;
using VkInception.Sbom;
using VkInception.Tests.House;

namespace VkInception.Tests.Sbom;

internal sealed class BillOfMaterialsTests
{
    private static readonly string Lock = Path.Combine(Repository.Root, "tools", "VkInception.Cli", "packages.lock.json");

    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("sbom").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void ListsEveryPackageOfTheLockFileWithItsHash()
    {
        IReadOnlyList<LockedPackage> packages = LockedPackage.Read(Lock);
        Assert.That(packages.Select(p => p.Name), Is.SupersetOf((string[])["Spectre.Console", "System.CommandLine"]));
        JsonElement[] listed = [.. Components(packages).Where(c => c.GetProperty("type").GetString() == "library")];
        Assert.That(listed.Select(c => c.GetProperty("purl").GetString()), Is.EqualTo(packages.Select(p => p.Purl)));
        foreach ((JsonElement component, LockedPackage package) in listed.Zip(packages))
        {
            JsonElement hash = component.GetProperty("hashes")[0];
            Assert.That(hash.GetProperty("content").GetString(), Is.EqualTo(package.Sha512).And.Length.EqualTo(128), package.Name);
        }
    }

    [Test]
    public void ListsEveryFileButAnOlderBill()
    {
        byte[] content = [1, 2, 3];
        File.WriteAllBytes(Path.Combine(folder, "a.dll"), content);
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        File.WriteAllBytes(Path.Combine(folder, "sub", "w.safetensors"), content);
        File.WriteAllText(Path.Combine(folder, BillOfMaterials.FileName), "old");
        JsonElement[] components = Components([]);
        Assert.That(components.Select(c => $"{c.GetProperty("type")} {c.GetProperty("name")}"), Is.EqualTo((string[])["file a.dll", "machine-learning-model sub/w.safetensors"]));
        Assert.That(components[0].GetProperty("hashes")[0].GetProperty("content").GetString(), Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(content))));
    }

    [Test]
    public void TheSameContentHasTheSameBillAndAnotherHasAnotherNumber()
    {
        File.WriteAllBytes(Path.Combine(folder, "a.dll"), [1]);
        string first = Bill([]), again = Bill([]);
        File.WriteAllBytes(Path.Combine(folder, "a.dll"), [2]);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(Serial(Bill([])), Is.Not.EqualTo(Serial(first)).And.Match("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
    }

    [Test]
    public void TheProgramAsksForWhatNoPackageAsksFor()
    {
        LockedPackage a = new("A", "1.0.0", "00", ["b"]), b = new("B", "2.0.0", "11", []);
        using JsonDocument bill = JsonDocument.Parse(Bill([a, b]));
        JsonElement[] edges = [.. bill.RootElement.GetProperty("dependencies").EnumerateArray()];
        Assert.That(edges.Select(e => $"{e.GetProperty("ref")}: {e.GetProperty("dependsOn")}"), Is.EqualTo((string[])[
            "vkinception@1.2.3: [\"pkg:nuget/A@1.0.0\"]", "pkg:nuget/A@1.0.0: [\"pkg:nuget/B@2.0.0\"]", "pkg:nuget/B@2.0.0: []"]).IgnoreWhiteSpace);
    }

    [TestCase("{")]
    [TestCase("{}")]
    [TestCase("{\"dependencies\":{\"net10.0\":{\"A\":{}}}}")]
    [TestCase("{\"dependencies\":{\"net10.0\":{\"A\":{\"type\":\"Direct\",\"resolved\":\"1.0.0\",\"contentHash\":\"?\"}}}}")]
    public void AnotherFileIsRefusedInOneLine(string text)
    {
        string file = Path.Combine(folder, "packages.lock.json");
        File.WriteAllText(file, text);
        var error = Assert.Throws<VkInceptionException>(() => LockedPackage.Read(file));
        Assert.That(error.Message, Does.StartWith(file).And.Not.Contains("\n"));
    }

    private JsonElement[] Components(IReadOnlyList<LockedPackage> packages)
    {
        using JsonDocument bill = JsonDocument.Parse(Bill(packages));
        return [.. bill.RootElement.GetProperty("components").EnumerateArray().Select(c => c.Clone())];
    }

    private string Bill(IReadOnlyList<LockedPackage> packages) => BillOfMaterials.Of(folder, packages, _ => "MIT", "1.2.3");

    private static string Serial(string text)
    {
        using JsonDocument bill = JsonDocument.Parse(text);
        return bill.RootElement.GetProperty("serialNumber").GetString()!;
    }
}
