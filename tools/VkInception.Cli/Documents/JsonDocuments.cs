using System.Text.Json.Serialization;

namespace VkInception.Cli.Documents;

/// <summary>Every JSON document that the program writes; the names are a contract (tools/README.md).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(InspectDocument))]
internal sealed partial class JsonDocuments : JsonSerializerContext;
