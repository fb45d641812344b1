using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace VkInception.Sbom;

/// <summary>A package that a NuGet lock file lists.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Version">The resolved version.</param>
/// <param name="Sha512">Hash of its content as the lock file has it, in lower-case hexadecimals.</param>
/// <param name="Dependencies">Ids of the packages that it asks for.</param>
internal sealed record LockedPackage(string Name, string Version, string Sha512, IReadOnlyList<string> Dependencies)
{
    /// <summary>Package URL: the name under which vulnerability databases know it.</summary>
    public string Purl => $"pkg:nuget/{Name}@{Version}";

    /// <summary>The packages of a <c>packages.lock.json</c>, by name; projects are left out.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: it is no such file.</exception>
    public static IReadOnlyList<LockedPackage> Read(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            return [.. document.RootElement.GetProperty("dependencies").EnumerateObject()
                .SelectMany(framework => framework.Value.EnumerateObject())
                .Where(entry => entry.Value.GetProperty("type").GetString() != "Project")
                .Select(Of)
                .DistinctBy(p => p.Purl)
                .OrderBy(p => p.Purl, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{file}: no NuGet lock file ({e.Message.ReplaceLineEndings(" ")}); 'dotnet restore' writes one", e);
        }
    }

    /// <summary>The licence that the package's own manifest names: an SPDX expression, or null where it names a file or nothing.</summary>
    /// <param name="packages">NuGet's folder of unpacked packages.</param>
    public string? License(string packages)
    {
        string folder = Path.Combine(packages, Name.ToLowerInvariant(), Version.ToLowerInvariant());
        string manifest = Path.Combine(folder, $"{Name.ToLowerInvariant()}.nuspec");
        if (!File.Exists(manifest)) return null;
        try
        {
            XElement? license = XDocument.Load(manifest).Descendants().FirstOrDefault(e => e.Name.LocalName == "license");
            return license?.Attribute("type")?.Value == "expression" ? license.Value : null;
        }
        catch (XmlException e)
        {
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{manifest}: no package manifest ({e.Message.ReplaceLineEndings(" ")}); clear NuGet's cache and restore again", e);
        }
    }

    private static LockedPackage Of(JsonProperty entry)
    {
        IReadOnlyList<string> dependencies = entry.Value.TryGetProperty("dependencies", out JsonElement d) ? [.. d.EnumerateObject().Select(p => p.Name)] : [];
        byte[] hash = Convert.FromBase64String(entry.Value.GetProperty("contentHash").GetString()!);
        return new LockedPackage(entry.Name, entry.Value.GetProperty("resolved").GetString()!, Convert.ToHexStringLower(hash), dependencies);
    }
}
