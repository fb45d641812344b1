using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VkInception.Cli.Documents;

/// <summary>Every JSON document that the program writes; the names are a contract (tools/README.md).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(BenchDocument))]
[JsonSerializable(typeof(ClassifyDocument[]))]
[JsonSerializable(typeof(CompareDocument[]))]
[JsonSerializable(typeof(DeviceDocument[]))]
[JsonSerializable(typeof(GradientsDocument))]
[JsonSerializable(typeof(EvaluateDocument))]
[JsonSerializable(typeof(ImportDocument))]
[JsonSerializable(typeof(LossesDocument))]
[JsonSerializable(typeof(InspectDocument))]
[JsonSerializable(typeof(ModelDocument[]))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(SummaryDocument))]
[JsonSerializable(typeof(TraceDocument))]
[JsonSerializable(typeof(TrainDocument))]
[JsonSerializable(typeof(TuneDocument))]
[JsonSerializable(typeof(VisualizeDocument))]
internal sealed partial class JsonDocuments : JsonSerializerContext
{
    /// <summary>Writes text as it is: the documents go to programs and terminals, never into a web page.</summary>
    public static JsonDocuments Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
