using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VkInception.Sbom;

/// <summary>A software bill of materials in CycloneDX 1.6 (JSON): every file of a published program, and every package that the lock file names.</summary>
/// <remarks>Without a time, and with a serial number derived from the content: the same build has the same bill, byte for byte.</remarks>
internal static class BillOfMaterials
{
    /// <summary>Name of the bill within the published folder.</summary>
    public const string FileName = "vkinception.cdx.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the bill of a published program as UTF-8.</summary>
    /// <param name="folder">Where it was published; every file of it is listed with its SHA-256, a bill made before apart.</param>
    /// <param name="packages">What the lock file names.</param>
    /// <param name="licenseOf">SPDX expression of a package, or null.</param>
    /// <param name="version">The program's version.</param>
    public static string Of(string folder, IReadOnlyList<LockedPackage> packages, Func<LockedPackage, string?> licenseOf, string version)
    {
        string root = $"vkinception@{version}";
        List<JsonNode> components = [.. packages.Select(p => (JsonNode)Package(p, licenseOf(p))), .. Files(folder)];
        var bill = new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["serialNumber"] = "",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = root, ["name"] = "vkinception", ["version"] = version, ["licenses"] = License("MIT") },
            },
            ["components"] = new JsonArray([.. components]),
            ["dependencies"] = Dependencies(root, packages),
        };
        bill["serialNumber"] = $"urn:uuid:{Identity(bill.ToJsonString())}";
        return bill.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Package(LockedPackage package, string? license)
    {
        var component = new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = package.Purl,
            ["name"] = package.Name,
            ["version"] = package.Version,
            ["purl"] = package.Purl,
            ["hashes"] = Hash("SHA-512", package.Sha512),
        };
        if (license is not null) component["licenses"] = License(license);
        return component;
    }

    private static IEnumerable<JsonNode> Files(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (name == FileName) continue;
            using FileStream stream = File.OpenRead(file);
            yield return new JsonObject
            {
                ["type"] = Path.GetExtension(file) == ".safetensors" ? "machine-learning-model" : "file",
                ["bom-ref"] = $"file:{name}",
                ["name"] = name,
                ["hashes"] = Hash("SHA-256", Convert.ToHexStringLower(SHA256.HashData(stream))),
            };
        }
    }

    private static JsonArray Dependencies(string root, IReadOnlyList<LockedPackage> packages)
    {
        var purls = packages.ToDictionary(p => p.Name, p => p.Purl, StringComparer.OrdinalIgnoreCase);
        HashSet<string> asked = [.. packages.SelectMany(p => p.Dependencies)];
        IEnumerable<string> direct = packages.Where(p => !asked.Contains(p.Name, StringComparer.OrdinalIgnoreCase)).Select(p => p.Purl);
        return new JsonArray([Edges(root, direct), .. packages.Select(p => Edges(p.Purl, p.Dependencies.Where(purls.ContainsKey).Select(d => purls[d])))]);
    }

    private static JsonObject Edges(string from, IEnumerable<string> to)
        => new() { ["ref"] = from, ["dependsOn"] = new JsonArray([.. to.Order(StringComparer.Ordinal).Select(t => (JsonNode)JsonValue.Create(t))]) };

    private static JsonArray License(string expression) => new(new JsonObject { ["expression"] = expression });

    private static JsonArray Hash(string algorithm, string content) => new(new JsonObject { ["alg"] = algorithm, ["content"] = content });

    private static Guid Identity(string text)
    {
        byte[] bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
        // Version 8, variant 1: an identifier of one's own making (RFC 9562).
        bytes[6] = (byte)(0x80 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }
}
